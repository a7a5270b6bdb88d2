// What a finding's detail says in Russian.

import type { DetailsIn } from './said-tables.ts';

export const ruDetails: DetailsIn = {
  'bytes-before':
    '{count, plural, one {# байт} few {# байта} many {# байт} other {# байта}} перед документом',
  'bytes-after-document':
    '{count, plural, one {# байт} few {# байта} many {# байт} other {# байта}} после документа',
  'bytes-after-picture':
    '{count, plural, one {# байт} few {# байта} many {# байт} other {# байта}} после изображения',
  'document-type': 'описание типа документа',
  'document-type-in': 'описание типа документа в {part}',
  'document-type-entities': 'описание типа документа с сущностями',
  'file-in-text': 'файл, вставленный в текст',
  'earlier-version': 'прежняя версия: {name}',
  'path-outside': 'путь, ведущий за пределы архива: {path}',
  'a-picture': 'изображение',
  'picture-unread': 'изображение {number} не удалось прочесть',
  'frames-left-out':
    '{count, plural, one {# кадр} few {# кадра} many {# кадров} other {# кадра}}; оставлен первый',
  'more-formulas':
    'лист {sheet}: ещё {count, plural, one {# формула} few {# формулы} many {# формул} other {# формулы}}',
  'sheet-hidden': 'лист {sheet}',
  'sheet-very-hidden': 'лист {sheet}, которого не показывает ни одно меню',
  'a-hidden-column': 'скрытый столбец',
  'format-program': 'программа',
  'format-text': 'простой текст',
  'format-csv': 'таблица в виде текста',
  'format-mail': 'электронное письмо',
  'meta-title': 'название: {text}',
  'meta-author': 'автор: {text}',
  'meta-last-author': 'последним сохранил: {text}',
  'meta-subject': 'тема: {text}',
  'meta-description': 'описание: {text}',
  'meta-keywords': 'ключевые слова: {text}',
  'meta-company': 'организация: {text}',
  'meta-manager': 'руководитель: {text}',
  'meta-template': 'шаблон: {text}',
  'meta-program': 'сделано в программе: {text}',
  'tag-comment': 'примечание',
  'tag-description': 'описание',
  'tag-make': 'марка устройства',
  'tag-model': 'модель устройства',
  'tag-program': 'программа',
  'tag-date': 'дата',
  'tag-author': 'автор',
  'tag-copyright': 'указание авторских прав',
  'tag-place': 'место ({format})',
};
