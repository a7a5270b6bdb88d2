// The messages of daily work in Korean: originals, naming somebody, pins, time zones, a client that was started anew.

import type { enDaily } from './en-daily.ts';

export const koDaily: Readonly<Record<keyof typeof enDaily, string>> = {
  'original.title': '원본',
  'original.explain':
    '원본은 격리된 채 봉인되어 있습니다. 귀측 책임자 두 명이 파일로 내보내며, 이 화면에는 결코 나타나지 않습니다.',
  'original.warning':
    '원본을 열면 그 기계와 그 기계가 닿는 모든 것이 파일을 만든 쪽에 넘어갈 수 있습니다. 아무것에도 연결되지 않고 나중에 지울 기계에서만 여십시오.',
  'original.ask': '원본 요청',
  'original.requests': '요청된 원본',
  'original.by': '요청한 사람',
  'original.about': '항목 {entry}:',
  'original.unknown': '이 데스크에는 해당 문서가 없습니다.',
  'original.asked': '두 번째 책임자를 기다림',
  'original.approved': '승인됨',
  'original.expired': '승인이 오래됨',
  'original.written': '기록됨',
  'original.approve': '격리에서 나가는 것을 승인',
  'original.folder': '이 기계의 디렉터리(다른 기계로 옮길 매체가 좋음)',
  'original.write': '그곳에 원본 쓰기',
  'original.done': '원본이 이 파일에 있습니다. 이름 때문에 프로그램이 열지 못합니다:',
  'mention.title': '누군가를 언급',
  'mention.you': '귀하를 언급함',
  'mention.count': '{count, plural, other {#건이 귀하를 언급}}',
  'pin.add': '항목 {entry} 고정',
  'pin.remove': '항목 {entry} 고정 해제',
  'pin.title': '이 데스크에 고정됨',
  'room.since': '마지막으로 본 뒤 새로 온 것',
  'time.sender': '보낸 쪽 시각 {time} ({zone})',
  'live.anew':
    '클라이언트가 새로 시작되었습니다. 새 링크를 여기나 이 창의 주소 표시줄에 넣으십시오. 모든 것이 그대로 있습니다.',
  'live.link': '새 링크',
  'live.enter': '여기서 계속',
  'live.notLink':
    '이 클라이언트의 링크가 아닙니다. 포트가 다르면 새 창에서 여십시오. 초안도 그곳에 있습니다.',
  'waiting.mention': '{count, plural, other {귀하를 언급한 메시지 #건}}',
  'waiting.original-asked': '원본을 요청한 사람:',
  'waiting.original-approved': '이제 원본을 쓸 수 있음, 승인한 사람:',
  'kind.original-asked': '원본 요청됨',
  'kind.original-approved': '원본 승인됨',
  'kind.original-written': '원본 기록됨',
  'refusal.words': '데스크의 말 그대로(영어)',
  'scan.paste': '코드의 그림을 여기에 붙여 넣거나 끌어다 놓을 수도 있습니다.',
};
