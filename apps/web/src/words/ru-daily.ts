// The messages of daily work in Russian: originals, naming somebody, pins, time zones, a client that was started anew.

import type { enDaily } from './en-daily.ts';

export const ruDaily: Readonly<Record<keyof typeof enDaily, string>> = {
  'original.title': 'Оригинал',
  'original.explain':
    'Оригинал остаётся запечатанным в карантине. Два ответственных лица вашей стороны выпускают его в виде файла, но никогда не на эту страницу.',
  'original.warning':
    'Открыв его, можно отдать свою машину и всё, до чего она достаёт, тому, кто сделал файл. Открывайте его только на машине, которая ни к чему не подключена и затем стирается.',
  'original.ask': 'Запросить оригинал',
  'original.requests': 'Запрошенные оригиналы',
  'original.by': 'Запросил(а)',
  'original.about': 'Запись {entry}:',
  'original.unknown': 'У этого стола нет документа, о котором идёт речь.',
  'original.asked': 'ждёт второго ответственного лица',
  'original.approved': 'одобрено',
  'original.expired': 'одобрение устарело',
  'original.written': 'записан',
  'original.approve': 'Одобрить выход из карантина',
  'original.folder': 'Каталог на этой машине, лучше на носителе, который вы отнесёте к другой',
  'original.write': 'Записать туда оригинал',
  'original.done': 'Оригинал в этом файле. Его имя не даёт программам открыть его:',
  'mention.title': 'Упомянуть',
  'mention.you': 'упоминает вас',
  'mention.count':
    '{count, plural, one {# упоминает вас} few {# упоминают вас} many {# упоминают вас} other {# упоминают вас}}',
  'pin.add': 'Закрепить запись {entry}',
  'pin.remove': 'Открепить запись {entry}',
  'pin.title': 'Закреплено на этом столе',
  'room.since': 'Новое с вашего последнего просмотра',
  'time.sender': '{time} у отправителя ({zone})',
  'live.anew':
    'Ваш клиент запущен заново. Введите его новую ссылку здесь или в адресной строке этого окна: всё останется на своих местах.',
  'live.link': 'Новая ссылка',
  'live.enter': 'Продолжить здесь',
  'live.notLink':
    'Это не ссылка этого клиента. Если в ней другой порт, откройте её в новом окне; черновики есть и там.',
  'waiting.mention':
    '{count, plural, one {# сообщение упоминает вас} few {# сообщения упоминают вас} many {# сообщений упоминают вас} other {# сообщения упоминают вас}}',
  'waiting.original-asked': 'Оригинал запрашивает',
  'waiting.original-approved': 'Оригинал теперь можно записать; одобрил(а)',
  'kind.original-asked': 'ОРИГИНАЛ запрошен',
  'kind.original-approved': 'ОРИГИНАЛ одобрен',
  'kind.original-written': 'ОРИГИНАЛ записан',
  'refusal.words': 'Словами самого стола (по-английски)',
  'scan.paste': 'Изображение кода можно также вставить или перетащить сюда.',
};
