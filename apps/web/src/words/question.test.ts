import { questionFor, type Screening } from '@parley/mail';
import { describe, expect, it } from 'vitest';
import { questionIn } from './codes.ts';
import { en } from './en.ts';
import { formatMessage } from './format.ts';
import { LANGUAGES } from './languages.ts';
import { questionAbout } from './question.ts';
import { SCRIPT_OF } from './test-support.ts';

const mail: Screening['mail'] = {
  from: 'ana@alpha.example',
  to: '',
  subject: 'Order of speakers',
  date: 'Sun, 22 Nov 2026 10:00:00 +0000',
  messageId: '<1@alpha.example>',
  files: ['offer.pdf'],
  links: 0,
  bytes: 9,
};
const screening: Screening = {
  verdict: 'suspicious',
  party: null,
  summary: '',
  proof: null,
  evidence: [],
  authentication: null,
  attestation: null,
  mail,
};

describe('the question about a mail', () => {
  it('is in English what the command asks, word by word', () => {
    const asked = questionAbout(mail, 'suspicious', {
      t: (key, values) => formatMessage('en', en, key, values),
      direction: 'ltr',
    });
    expect(asked.toLowerCase()).toBe(questionFor(screening).toLowerCase());
  });

  it.each(LANGUAGES.filter((language) => language !== 'en'))(
    'is asked in %s, and names the same mail',
    async (language) => {
      const asked = (await questionIn(`${language}_XX.UTF-8`, mail, 'suspicious')) ?? '';
      for (const fact of [mail.from, mail.date ?? '', mail.subject, mail.messageId, 'offer.pdf'])
        expect(asked).toContain(fact);
      const [first = '', ...lines] = asked.split('\n');
      expect(first).toMatch(SCRIPT_OF[language]);
      // In Arabic each fact has a line of its own: beside words from the right it would be turned about.
      expect(lines).toHaveLength(language === 'ar' ? 11 : 6);
      if (language === 'ar')
        for (const fact of [mail.from, mail.date]) expect(lines).toContain(fact);
      expect(lines.at(-1)).toMatch(SCRIPT_OF[language]);
      expect(asked).not.toMatch(/Did you|Our check|Subject:|\{/);
    },
  );

  it('is the part’s own in English', async () => {
    expect(await questionIn('en_GB.UTF-8', mail, 'unknown')).toBeUndefined();
    expect(await questionIn('', mail, 'unknown')).toBeUndefined();
  });
});
