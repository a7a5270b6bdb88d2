// The messages of talks off the record in Korean.

import type { enOffRecord } from './en-off-record.ts';

export const koOffRecord: Readonly<Record<keyof typeof enOffRecord, string>> = {
  'off.title': '기록 밖 대화',
  'off.promise':
    '여기서 한 말에 대한 서명된 증거는 남지 않습니다. 그러나 부인할 수 있다는 뜻은 아닙니다. 듣는 사람은 적거나 찍거나 전할 수 있습니다.',
  'off.endsWith':
    '이 방을 나가거나 이 창을 닫거나 클라이언트가 멈추면 당신의 대화는 끝납니다. 아무것도 보관되지 않습니다.',
  'off.start': '기록 밖에서 대화하기',
  'off.join': '기록 밖 대화에 참여하기',
  'off.proposes': '{time}에 기록 밖 대화를 제안했습니다.',
  'off.logged': '양측이 동의하면 대화가 있었다는 것과 그 길이를 기록에 남깁니다',
  'off.waiting': '자리에 있습니다. 신원을 증명한 사람 중 아직 아무도 듣지 못합니다.',
  'off.here': '지금 듣고 있는 사람:',
  'off.saidToBe': '여기 있다고 하나 증명되지 않음:',
  'off.lineDown': '중계 서버에 연결할 수 없습니다. 한 말은 기다립니다.',
  'off.lines': '기록 밖에서 오간 말',
  'off.mark': '기록 밖',
  'off.line': '기록 밖에서 말하기',
  'off.say': '말하기',
  'off.leave': '대화에서 나가기',
  'off.noDocuments': '글만 됩니다. 문서는 기록에 남겨 보냅니다.',
  'off.noComposer': '기록 밖에서 대화하는 동안 이 방에서는 기록에 아무것도 쓰지 않습니다.',
  'off.ended': '기록 밖 대화가 끝났습니다.',
  'off.end.left': '당신이 나갔습니다.',
  'off.end.over': '다른 사람들이 나갔습니다.',
  'off.end.idle': '한동안 아무도 말하지 않았습니다.',
  'off.end.frozen': '방이 동결되었거나 어느 당사자를 다시 확인해야 합니다.',
  'off.end.forked':
    '중계 서버가 당신과 다른 사람에게 서로 다른 대화를 보여 주었습니다. 아무도 서명하지 않았으므로 증거는 없습니다.',
  'off.end.relay': '중계 서버가 더 이상 전달하지 않습니다.',
  'off.end.lost': '클라이언트가 멈췄거나 응답하지 않습니다. 한 말은 사라졌습니다.',
  'off.lasted': '{seconds}초 동안 이어졌습니다.',
  'off.published':
    '당신의 일회용 서명 키가 공개되었습니다. 그 자리에 있던 누구나 당신처럼 서명할 수 있습니다.',
  'off.notPublished': '당신의 일회용 서명 키를 공개하지 못했으며 키는 지워졌습니다.',
  'off.unpublished': '키를 공개하지 않음:',
  'off.onRecord': '기록에는 대화가 있었다는 것만 있고 내용은 없습니다.',
  'off.notOnRecord': '기록에는 대화가 있었다는 말이 없습니다.',
  'off.close': '이 알림 치우기',
  'off.refused.nobody-there':
    '신원을 증명한 사람 중 아직 아무도 듣지 못합니다. 아무 말도 하지 않았습니다.',
  'off.refused.nobody-else': '이 방에는 대화할 다른 사람이 없습니다. 먼저 초대하십시오.',
  'off.refused.audience-changed':
    '쓰는 동안 누군가 오거나 나갔습니다. 아무 말도 하지 않았습니다. 누가 있는지 보고 다시 말하십시오.',
  'off.refused.talk-is-over': '대화가 끝났습니다. 아무 말도 하지 않았습니다.',
  'off.refused.already-talking': '이 데스크는 이미 여기서 대화 중입니다.',
};
