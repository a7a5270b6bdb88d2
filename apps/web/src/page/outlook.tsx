// The outlook: numbers with their intervals, pictures with their tables, and a ledger of who was right.

import { useEffect, useState, type ReactNode } from 'react';
import type { OutlookAnswer, Picture, PictureCell } from '../server/wire-outlook.ts';
import { useAnswer } from './desk-state.tsx';
import { Foreign } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { RefusalNote } from './parts.tsx';
import { Told } from './told.tsx';

/** Who against whom, by the names of countries in the reader's language. */
function useBetween(): (about: { who: string; whom: readonly string[] }) => string {
  const { t, country, countries } = useSpeech();
  return ({ who, whom }) => t('outlook.between', { who: country(who), whom: countries(whom) });
}

function Cell({ cell }: { cell: PictureCell }): ReactNode {
  const { number } = useSpeech();
  if (typeof cell === 'number') return number(cell);
  if (cell === null) return '–';
  return typeof cell === 'string' ? cell : <Foreign text={cell.theirs} />;
}

/** An image runs nothing and loads nothing, whatever stands in it. */
function Drawn({ picture }: { picture: Picture }): ReactNode {
  const { t } = useSpeech();
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([picture.svg], { type: 'image/svg+xml' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [picture.svg]);
  const { title, says, table } = picture;
  return (
    <figure>
      <figcaption>
        <h2>{title}</h2>
        <p className="quiet">{says}</p>
      </figcaption>
      {url === undefined ? null : (
        <div className="scroller" role="region" aria-label={title} tabIndex={0}>
          <img className="drawn" src={url} alt={says} />
        </div>
      )}
      <details>
        <summary>{t('outlook.table')}</summary>
        <div
          className="scroller"
          role="region"
          aria-label={`${title}: ${t('outlook.table')}`}
          tabIndex={0}
        >
          <table aria-label={title}>
            <thead>
              <tr>
                {table.columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row, at) => (
                <tr key={at}>
                  {row.map((cell, of) => (
                    <td key={of}>
                      <Cell cell={cell} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

function Forecasts({ answer }: { answer: OutlookAnswer }): ReactNode {
  const { t, percent, has } = useSpeech();
  const between = useBetween();
  return (
    <div className="scroller" role="region" aria-label={t('outlook.forecasts')} tabIndex={0}>
      <table>
        <caption>{t('outlook.explain', { count: answer.records, days: answer.days })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('outlook.who')}</th>
            <th scope="col">{t('outlook.chance')}</th>
            <th scope="col">{t('outlook.base')}</th>
          </tr>
        </thead>
        <tbody>
          {answer.forecasts.map((one) => {
            const { p, low, high, word, base } = one;
            const key = `chance.${word.replaceAll(' ', '-')}`;
            return (
              <tr key={between(one)}>
                <th scope="row">{between(one)}</th>
                <td>
                  {t('outlook.interval', {
                    p: percent(p),
                    low: percent(low),
                    high: percent(high),
                  })}{' '}
                  {has(key) ? t(key) : word}
                </td>
                <td>{percent(base)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Ledger({ answer }: { answer: OutlookAnswer }): ReactNode {
  const { t, day } = useSpeech();
  const between = useBetween();
  const { questions, scores, rankedFrom } = answer;
  return (
    <section>
      <h2>{t('outlook.ledger')}</h2>
      {questions.length === 0 ? <p>{t('outlook.noQuestions')}</p> : null}
      <ul>
        {questions.map((one) => (
          <li key={one.id}>
            <code dir="ltr">{one.id}</code> {between(one)}{' '}
            {one.group === null ? null : <Foreign text={one.group} />}{' '}
            {t('outlook.fromTo', { from: day(one.issued), to: day(one.closes) })}{' '}
            <span className="mark">{t(one.open ? 'outlook.open' : 'outlook.resolved')}</span>
          </li>
        ))}
      </ul>
      {scores.length === 0 ? null : (
        <div className="scroller" role="region" aria-label={t('outlook.scores')} tabIndex={0}>
          <table>
            <caption>{t('outlook.ranked', { count: rankedFrom })}</caption>
            <thead>
              <tr>
                <th scope="col">{t('register.who')}</th>
                <th scope="col">{t('outlook.forecasts')}</th>
                <th scope="col">{t('outlook.resolved')}</th>
                <th scope="col">{t('outlook.brier')}</th>
                <th scope="col">{t('outlook.rank')}</th>
              </tr>
            </thead>
            <tbody>
              {scores.map(({ forecaster, forecasts, resolved, brier, rank }) => (
                <tr key={forecaster}>
                  <th scope="row">
                    <Foreign text={forecaster} />
                  </th>
                  <td>{forecasts}</td>
                  <td>{resolved}</td>
                  <td dir="ltr">{brier ?? '–'}</td>
                  <td>{rank ?? t('outlook.unranked')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

export function Outlook(): ReactNode {
  const { t, language } = useSpeech();
  const { value, refusal } = useAnswer('outlook', { language });
  const [kept, setKept] = useState<OutlookAnswer>();
  if (value !== undefined && value !== kept) setKept(value);
  return (
    <>
      <h1>{t('nav.outlook')}</h1>
      <RefusalNote refusal={refusal} />
      {kept === undefined ? (
        <p className="quiet">{t('loading')}</p>
      ) : (
        <>
          <Forecasts answer={kept} />
          <ul className="quiet">
            {kept.cautions.map(({ said, text }) => (
              <li key={text}>
                <Told of="caution" said={said} text={text} />
              </li>
            ))}
            <li>{t('outlook.holidays')}</li>
          </ul>
          <p>{t('outlook.advice')}</p>
          {kept.pictures.map((picture) => (
            <Drawn key={picture.id} picture={picture} />
          ))}
          <Ledger answer={kept} />
        </>
      )}
    </>
  );
}
