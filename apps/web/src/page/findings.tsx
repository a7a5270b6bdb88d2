// What was found in an original: removed, hidden, comments, links. A page number leads to that page of the safe copy.

import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { Finding, Found, Remark } from '../server/wire.ts';
import { English, Foreign, ForeignBlock } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { Reason } from './parts.tsx';
import { Labelled, Told } from './told.tsx';

/** Null where no pages stand beside the report. */
type OnPage = ((page: number) => void) | null;

const PAGES_SHOWN = 12;

function PageLinks({ pages, onPage }: { pages: readonly number[]; onPage: OnPage }): ReactNode {
  const { t } = useSpeech();
  return (
    <>
      {pages.slice(0, PAGES_SHOWN).map((page) =>
        onPage === null ? (
          <span key={page} className="quiet">
            {t('viewer.pageName', { page })}{' '}
          </span>
        ) : (
          <Button
            key={page}
            className="page-link"
            aria-label={t('viewer.goTo', { page })}
            onPress={() => onPage(page)}
          >
            {page}
          </Button>
        ),
      )}
      {pages.length > PAGES_SHOWN ? ' …' : null}
    </>
  );
}

/** A kind that a later engine may name is shown by its own word. */
function KindName({ kind }: { kind: string }): ReactNode {
  const { t, has } = useSpeech();
  const key = `found.${kind}`;
  return has(key) ? t(key) : <English text={kind.replaceAll('-', ' ')} />;
}

function List(props: {
  title: string;
  found: readonly Finding[];
  onPage: OnPage;
  grave?: boolean;
}): ReactNode {
  const { t } = useSpeech();
  if (props.found.length === 0) return null;
  return (
    <section>
      <h3>{props.title}</h3>
      <ul className={props.grave === true ? 'findings grave-list' : 'findings'}>
        {props.found.map(({ kind, count, pages, texts, details }) => (
          <li key={kind}>
            <KindName kind={kind} />{' '}
            {count > 1 ? <span className="quiet">{t('report.times', { count })}</span> : null}{' '}
            <PageLinks pages={pages} onPage={props.onPage} />
            {texts.length + details.length === 0 ? null : (
              <ul>
                {details.map(({ said, text }, at) => (
                  <li key={`said ${at}`}>
                    <Told of="detail" said={said} text={text} />
                  </li>
                ))}
                {texts.map((text, at) => (
                  <li key={at}>
                    <ForeignBlock text={text} />
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Remarks({ remarks, onPage }: { remarks: readonly Remark[]; onPage: OnPage }): ReactNode {
  const { t } = useSpeech();
  if (remarks.length === 0) return null;
  return (
    <section>
      <h3>{t('report.remarks')}</h3>
      <ul className="findings">
        {remarks.map(({ what, author, text, page, of }, at) => (
          <li key={at}>
            <strong>{t(`remark.${what}`)}</strong>
            {of === undefined ? null : ` (${t(`remark.of.${of}`)})`} <Foreign text={author} />{' '}
            {page === null ? null : <PageLinks pages={[page]} onPage={onPage} />}
            {text === '' ? (
              <p className="quiet">{t('remark.shown')}</p>
            ) : (
              <ForeignBlock text={text} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Findings({ found, onPage }: { found: Found; onPage: OnPage }): ReactNode {
  const { t } = useSpeech();
  const { removed, hidden, remarks, links, notes, parts, pictured } = found;
  const nothing = [removed, hidden, remarks, links].every((list) => list.length === 0);
  return (
    <>
      {nothing ? <p>{t('report.clean')}</p> : null}
      <List title={t('report.hidden')} found={hidden} onPage={onPage} grave />
      <Remarks remarks={remarks} onPage={onPage} />
      <List title={t('report.removed')} found={removed} onPage={onPage} />
      {links.length === 0 ? null : (
        <section>
          <h3>{t('report.links')}</h3>
          <ul className="findings">
            {links.map(({ target, page }, at) => (
              <li key={at}>
                <code>
                  <Foreign text={target} />
                </code>{' '}
                {page === null ? null : <PageLinks pages={[page]} onPage={onPage} />}
              </li>
            ))}
          </ul>
        </section>
      )}
      {parts.length === 0 ? null : (
        <section>
          <h3>{t('report.parts')}</h3>
          <ul className="findings">
            {parts.map(({ name, outcome, reason }, at) => (
              <li key={at}>
                <Labelled label={<Foreign text={name} />}>{t(`part.${outcome}`)}</Labelled>{' '}
                {reason === null ? null : <Reason code={reason} />}
              </li>
            ))}
          </ul>
        </section>
      )}
      {notes.length === 0 && pictured === 0 ? null : (
        <section>
          <h3>{t('report.notes')}</h3>
          <ul className="findings">
            {pictured === 0 ? null : <li>{t('report.pictured', { count: pictured })}</li>}
            {notes.map((note, at) => (
              <li key={at}>
                <Told of="note" said={note.said} text={note.text} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
