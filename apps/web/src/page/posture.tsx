// Posture: how tightly the channel works, who raised it, what each level asks for; and whether the line still answers.

import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { Level, PostureAnswer, Rules } from '../server/wire.ts';
import type { MessageKey } from '../words/format.ts';
import { useAnswer, useDoing } from './desk-state.tsx';
import { Foreign } from './foreign.tsx';
import { useSpeech, type Speech } from './language.tsx';
import { Choice, Field, Form, PassphraseField, RefusalNote } from './parts.tsx';
import { Labelled } from './told.tsx';

const LEVELS: readonly Level[] = ['calm', 'elevated', 'severe'];

const RULES = [
  'disarmMode',
  'releaseApprovals',
  'deviceAdmission',
  'keyUpdateHours',
  'directoryAdditions',
  'receiptsRequired',
  'padding',
  'coverTrafficMinutes',
  'courierBundleHours',
  'lineCheckHours',
  'lineCheckAnswerMinutes',
  'lowerWaitHours',
] as const satisfies readonly (keyof Rules)[];

const WORDS: ReadonlySet<string> = new Set([
  'structure',
  'pixel',
  'one-officer',
  'two-officers',
  'frozen',
  'padme',
  'buckets',
]);

/** In the largest unit that says it without a fraction: a week is seven days, and a day is 24 hours. */
function lasting(t: Speech['t'], minutes: number): string {
  const hours = minutes / 60;
  if (minutes === 0) return t('value.none');
  if (!Number.isInteger(hours)) return t('value.minutes', { count: minutes });
  if (hours <= 24 || hours % 24 !== 0) return t('value.hours', { count: hours });
  return t('value.days', { count: hours / 24 });
}

function Value({ rule, value }: { rule: keyof Rules; value: Rules[keyof Rules] }): ReactNode {
  const { t } = useSpeech();
  if (value === null) return t('value.none');
  if (typeof value === 'boolean') return t(value ? 'value.yes' : 'value.no');
  if (typeof value === 'number') {
    if (rule.endsWith('Hours')) return lasting(t, value * 60);
    return rule.endsWith('Minutes') ? lasting(t, value) : value;
  }
  return WORDS.has(value) ? t(`value.${value}` as MessageKey) : value;
}

function Table({ answer }: { answer: PostureAnswer }): ReactNode {
  const { t } = useSpeech();
  return (
    <div className="scroller" role="region" aria-label={t('posture.table')} tabIndex={0}>
      <table className="levels">
        <caption>{t('posture.table')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('posture.rule')}</th>
            {LEVELS.map((level) => (
              <th
                key={level}
                scope="col"
                aria-current={level === answer.level ? 'true' : undefined}
              >
                {t(`level.${level}`)}
                {level === answer.level ? ` (${t('posture.now')})` : ''}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {RULES.map((rule) => (
            <tr key={rule}>
              <th scope="row">{t(`rule.${rule}`)}</th>
              {LEVELS.map((level) => (
                <td key={level}>
                  <Value rule={rule} value={answer.table[level][rule]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Change(props: {
  channel: string;
  way: 'raise' | 'lower';
  levels: readonly Level[];
}): ReactNode {
  const { t } = useSpeech();
  const { busy, refusal, run } = useDoing();
  const { channel, way, levels } = props;
  const [level, setLevel] = useState<Level>(levels[0] ?? 'calm');
  const [reason, setReason] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const change = async (): Promise<void> => {
    const done = await run(async (link) => {
      await link.ask(way, { channel, level, reason, ...(way === 'lower' ? { passphrase } : {}) });
    });
    if (done) setReason('');
    setPassphrase('');
  };
  return (
    <section>
      <h3>{t(`posture.${way}`)}</h3>
      <p>{t(way === 'raise' ? 'posture.raiseMeaning' : 'posture.lowerMeaning')}</p>
      <Form
        label={t(`posture.${way}`)}
        act={t(`posture.${way}`)}
        busy={busy}
        refusal={refusal}
        onAct={() => void change()}
      >
        <Choice
          label={t('posture.level')}
          value={level}
          options={levels.map((one) => [one, t(`level.${one}`)] as const)}
          onChange={setLevel}
        />
        <Field label={t('field.reason')} value={reason} onChange={setReason} />
        {way === 'lower' ? <PassphraseField value={passphrase} onChange={setPassphrase} /> : null}
      </Form>
    </section>
  );
}

function Line({ channel, line }: { channel: string; line: PostureAnswer['line'] }): ReactNode {
  const { t, time } = useSpeech();
  const { refusal, run } = useDoing();
  return (
    <section aria-labelledby="line-title">
      <h2 id="line-title">{t('line.title')}</h2>
      <p className={line.status === 'failed' ? 'warning' : ''}>
        {t(`line.${line.status}`)}{' '}
        {line.lastCheckMs === null ? null : (
          <span className="quiet">{t('line.sent', { time: time(line.lastCheckMs) })}</span>
        )}
      </p>
      <Button
        className="plain"
        onPress={() =>
          void run(async (link) => {
            await link.ask('check-line', { channel });
          })
        }
      >
        {t('line.check')}
      </Button>
      <RefusalNote refusal={refusal} />
    </section>
  );
}

export function Posture({ channel }: { channel: string }): ReactNode {
  const { t, time } = useSpeech();
  const { value: answer, refusal } = useAnswer('posture', { channel });
  if (answer === undefined)
    return refusal === undefined ? <p>{t('loading')}</p> : <RefusalNote refusal={refusal} />;
  return (
    <>
      <h2>{t('tab.posture')}</h2>
      <p>
        {t('posture.works')}{' '}
        <strong className={`level-${answer.level}`}>{t(`level.${answer.level}`)}</strong>
      </p>
      <ul>
        {answer.parties.map(({ party, level, mine, lowering }, at) => (
          <li key={at}>
            <Labelled
              label={
                <>
                  <Foreign text={party} />
                  {mine ? ` (${t('party.mine')})` : ''}
                </>
              }
            >
              {t(`level.${level}`)}
            </Labelled>
            {lowering === null ? null : (
              <p>
                {t('posture.lowering', { level: t(`level.${lowering.to}`) })}{' '}
                <Foreign text={lowering.proposedBy} />.{' '}
                {lowering.fromMs === null
                  ? t('posture.second')
                  : t('posture.from', { time: time(lowering.fromMs) })}
              </p>
            )}
          </li>
        ))}
      </ul>
      <Table answer={answer} />
      <div className="columns">
        <Change channel={channel} way="raise" levels={['elevated', 'severe']} />
        <Change channel={channel} way="lower" levels={['calm', 'elevated']} />
      </div>
      <Line channel={channel} line={answer.line} />
    </>
  );
}
