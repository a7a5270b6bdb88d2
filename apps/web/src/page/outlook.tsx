// The outlook: numbers with their intervals, pictures with their tables, and a ledger of who was right.

import { useEffect, useState, type ReactNode } from 'react';
import type { OutlookAnswer, Picture } from '../server/wire.ts';
import { useAnswer } from './desk-state.tsx';
import { English, Foreign } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { RefusalNote } from './parts.tsx';

/** An image runs nothing and loads nothing, whatever stands in it. */
function Drawn({ picture }: { picture: Picture }): ReactNode {
  const { t, number } = useSpeech();
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([picture.svg], { type: 'image/svg+xml' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [picture.svg]);
  const { columns, rows } = picture.table;
  return (
    <figure>
      <figcaption>
        <h2>
          <English text={picture.title} />
        </h2>
        <p className="quiet">
          <English text={picture.says} />
        </p>
      </figcaption>
      {url === undefined ? null : <img className="drawn" src={url} alt={picture.title} />}
      <details>
        <summary>{t('outlook.table')}</summary>
        <div className="scroller" role="region" aria-label={picture.title} tabIndex={0}>
          <table dir="ltr" lang="en">
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, at) => (
                <tr key={at}>
                  {row.map((cell, of) => (
                    <td key={of}>
                      {typeof cell === 'number' ? number(cell) : <Foreign text={cell ?? '–'} />}
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
  const { t, percent } = useSpeech();
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
          {answer.forecasts.map(({ name, chance, base }) => (
            <tr key={name}>
              <th scope="row">
                <English text={name} />
              </th>
              <td>
                <English text={chance} />
              </td>
              <td>{percent(base)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Ledger({ answer }: { answer: OutlookAnswer }): ReactNode {
  const { t } = useSpeech();
  const { questions, scores, rankedFrom } = answer;
  return (
    <section>
      <h2>{t('outlook.ledger')}</h2>
      {questions.length === 0 ? <p>{t('outlook.noQuestions')}</p> : null}
      <ul>
        {questions.map(({ id, text, open }) => (
          <li key={id}>
            <code dir="ltr">{id}</code> <English text={text} />{' '}
            <span className="mark">{t(open ? 'outlook.open' : 'outlook.resolved')}</span>
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
  const { t } = useSpeech();
  const { value, refusal } = useAnswer('outlook', {});
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
            {kept.cautions.map((caution) => (
              <li key={caution}>
                <English text={caution} />
              </li>
            ))}
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
