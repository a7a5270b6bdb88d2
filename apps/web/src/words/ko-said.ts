// What entries, alarms, reports, forecasts and their pictures say in Korean.

import type { SaidIn } from './said-tables.ts';

const COMPARE = '여기서 아무것도 받아들이지 않았습니다. 루트를 음성으로 비교하십시오.';
const ANOTHER_WAY = '다른 길로 물어보고 보안 담당자에게 알리십시오.';

export const koSaid: SaidIn = {
  entry: {
    'unknown-party': '알 수 없는 당사자',
    'some-device': '기기',
    'whose-device': '{party}({member}, {label})',
    'device-of': '{member}의 “{label}”',
    'device-id': '“{label}”',
    withheld: '밝히지 않음',
    found: '채널 “{name}” 개설',
    'caucus-founded': '한 당사자만의 방 “{name}” 개설',
    'bilateral-founded': '일부 당사자의 방 “{name}” 개설',
    'caucus-founded-anew':
      '갈라진 뒤 이전 기록의 공통 항목 {size}개부터 한 당사자만의 방 “{name}” 다시 개설',
    'bilateral-founded-anew':
      '갈라진 뒤 이전 기록의 공통 항목 {size}개부터 일부 당사자의 방 “{name}” 다시 개설',
    'room-restarted': '갈라진 뒤 이전 기록의 공통 항목 {size}개부터 채널 “{name}” 다시 개설',
    'restart-accepted': '이전 기록의 공통 항목 {size}개부터 계속하기로 동의',
    'party-admitted': '들여보냄: {whose}',
    'device-admitted': '기기 추가: {whose}',
    'device-removed': '기기 {device} 제외: {reason}',
    'admission-proposed': '책임자 두 명 중 첫 번째로 들여보내기를 제안: {whose}',
    'member-renamed': '구성원 {member}의 이름을 바꿈: {to}',
    'member-suspended': '구성원 {member} 정지: {reason}',
    'member-resumed': '구성원 {member} 복귀: {reason}',
    'party-policy': '필요한 책임자 수: 들여보내기 {admission}명, 새 권한 {authority}명',
    'authority-replaced': '당사자의 권한 열쇠를 바꿈: {reason}',
    'authority-agreed': '당사자의 권한 열쇠 교체에 동의: {reason}',
    objection: '기기 {device}에 이의를 제기함: {reason}',
    'recovery-shared': '권한 조각 {shares}개를 나눠 줌. {needed}개로 복구됨',
    'recovery-asked': '책임자들에게 권한 조각을 요청: {reason}',
    'recovery-given': '다른 책임자에게 권한 조각을 건넴',
    'verify-offer': '{party}와(과) 단어 비교를 제안',
    'verify-answer': '단어 비교 제안에 응답',
    'verify-open': '비교할 단어를 공개',
    'how-voice': '음성',
    'how-in-person': '대면',
    'how-writing': '서면',
    verified: '{party} 확인({how})',
    mismatch: '{party}와(과)의 비교({how})가 다르다고 밝힘',
    document: '문서 “{name}” 보냄',
    'document-queued': '문서 “{name}” 보내는 중',
    rebuilt: '문서를 안전 사본으로 다시 만듦(sha256 {sha256})',
    'not-rebuilt-safely': '문서를 안전하게 다시 만들지 못함',
    'mail-directory': '공식 메일 주소 명부를 공개',
    'mail-attestation': '보낸 메일을 증명',
    'mail-day-key': '하루치 증명된 메일의 열쇠를 줌',
    'mail-count': '하루치 메일을 마감',
    forecast: '예측을 공유',
    'seen-up-to': '{upTo}번 앞의 항목을 봄',
    'opened-copy': '문서의 안전 사본을 엶',
    'off-record-proposed': '기록 밖 대화를 제안',
    'off-record-agreed': '기록 밖 대화에 동의: 이루어짐',
    'off-record-withdrawn': '기록 밖 대화 제안을 거둠',
    'off-record-left': '{seconds}초 뒤 기록 밖 대화를 떠남',
    'level-calm': '평온',
    'level-elevated': '강화',
    'level-severe': '엄중',
    'posture-raised': '태세를 {level}(으)로 올림: {reason}',
    'lowering-proposed': '태세를 {level}(으)로 내리기를 제안: {reason}',
    'lowering-confirmed': '태세를 {level}(으)로 내리기를 확인: {reason}',
    'release-asked': '동료에게 문서 내보내기를 요청',
    'release-given': '문서 내보내기를 허락',
    'original-is-asked': '문서의 원본이 격리를 떠나도록 두 번째 책임자의 승인을 요청: {reason}',
    'original-is-approved': '두 번째 책임자로서 원본이 격리를 떠나는 것을 승인',
    'original-is-written': '원본을 파일로 씀',
    'line-check': '회선 점검. {ms, date, medium} {ms, time, short} 전에 답해야 함',
    'line-answer': '회선 점검에 응답',
    'unknown-kind': '이 판이 모르는 종류 “{name}”의 항목',
    'doubt-other-file': '항목 {entry}은(는) 보낸 것과 다른 파일에 관한 것입니다',
    'doubt-other-copy':
      '항목 {entry}은(는) 같은 파일, 같은 규칙, 같은 엔진인데 항목 {first}과(와) 다른 안전 사본을 말합니다. 두 데스크 중 하나가 변조되었거나 사실을 말하지 않습니다',
  },
  alarm: {
    'alarm-misplaced': `중계기가 봉투 {seq}을(를) 옮기거나 되풀이했습니다. 다른 자리에 만들어진 것입니다. ${COMPARE}`,
    'alarm-withheld': `봉투 {seq}은(는) 더 뒤의 자리에 만들어졌습니다. 중계기가 무엇인가 숨깁니다. ${COMPARE}`,
    'alarm-unreadable': `봉투 {seq}은(는) 이 채널 누구의 것도 아니거나 오는 길에 바뀌었습니다. ${COMPARE}`,
    'alarm-malformed': `구성원이 봉투 {seq}을(를) 보냈으나 Parley는 그런 것을 만들지 않습니다. ${ANOTHER_WAY}`,
    'alarm-outside-profile': `봉투 {seq}은(는) Parley가 하지 않는 열쇠 변경을 요구합니다. 받아들이지 않았습니다. ${ANOTHER_WAY}`,
    'alarm-wrong-sender': `봉투 {seq}은(는) 보낸 기기가 아닌 다른 기기가 서명했습니다. 받아들이지 않았습니다. ${ANOTHER_WAY}`,
    'alarm-not-allowed': `봉투 {seq}에 기록의 규칙이 금하는 항목이 있습니다. 받아들이지 않았습니다. ${ANOTHER_WAY}`,
    'alarm-not-on-record': `봉투 {seq}은(는) 기록에 없는 기기를 넣거나 빼려 합니다. 받아들이지 않았습니다. ${ANOTHER_WAY}`,
    'alarm-stale': `봉투 {seq}은(는) 이 데스크보다 오래된 기록 위에 만들어졌습니다. ${COMPARE}`,
    'alarm-talk-envelope':
      '대화의 봉투 {seq}이(가) 오는 길에 바뀌었거나 대화에 있는 누구의 것도 아닙니다. 아무것도 보이지 않습니다.',
    'alarm-document-altered':
      '항목 {entry}의 문서가 보낸 사람이 봉인한 뒤 바뀌었습니다. 다시 요청합니다. 중계기 운영자나 보낸 사람에게 알리십시오.',
    'alarm-wrong-document':
      '중계기가 항목 {entry}으로 가진 것은 알려진 문서가 아닙니다. 열지 않았습니다. 무엇을 보냈는지 다른 길로 물어보십시오.',
    'alarm-document': '항목 {entry}의 문서는 믿을 수 없어 열지 않았습니다.',
    'alarm-call-by-a-stranger': `{party} / {member}이(가) {room}의 부름을 썼으나 채널에 없습니다. 들여보내지 않았습니다. ${ANOTHER_WAY}`,
    'party-objection':
      '{party}({member})이(가) {whose}, {their}의 기기 {label}에 이의를 제기합니다(항목 {entry}): {reason}. 믿는 길로 양쪽에 물어보십시오.',
    'party-objection-elsewhere':
      '{party}({member})이(가) 여기 없는 기기에 이의를 제기합니다(항목 {entry}): {reason}. 믿는 길로 물어보십시오.',
    'party-authority-changed':
      '{party}({member})이(가) 당사자의 권한 열쇠를 바꾸었습니다(항목 {entry}): {reason}. 단어를 다시 비교할 때까지 확인되지 않은 것입니다.',
    'frozen-fork':
      '두 갈래의 역사가 있습니다. 누군가에게 귀하와 다른 것을 보여 주었습니다. 증거는 보관되었습니다. 다른 길로 상대측과 말한 뒤 양쪽이 가진 것부터 계속하십시오: parley channel restart.',
    'frozen-mismatch':
      '비교한 단어가 달랐습니다. 누군가 사이에 있습니다. 상대측과 직접 만나 말하고 새 채널을 개설하십시오.',
    'frozen-broken-commit':
      '열쇠 변경이 말한 대로가 아닙니다. 다른 길로 상대측과 말한 뒤 양쪽이 가진 것부터 계속하십시오: parley channel restart.',
    'frozen-removed':
      '이 기기는 제외되었습니다. 당사자의 다른 책임자에게 다시 들여보내 달라고 하십시오.',
    'frozen-lost-state':
      '보관함이 이 기기가 한 일보다 오래되었습니다. 아무 말도 할 수 없습니다. 책임자에게 새 기기를 들여보내 달라고 하십시오.',
  },
  note: {
    'was-locked': '원본은 암호화되어 있으나 사본은 아닙니다. 원본을 보관하려던 대로 보관하십시오.',
    'hwp-changes':
      '이 HWP 문서에는 변경 내용 추적이 있습니다. 사본에는 넣은 말과 지운 말이 함께 보입니다. 깨끗한 PDF를 요청하십시오.',
    'hwp-words-only':
      '이 HWP 문서의 사본에는 말만 있고 모양은 없습니다. 그림은 옆에 있습니다. 모양이 중요하면 PDF를 요청하십시오.',
    'hwpx-words-only':
      '이 HWPX 문서의 사본에는 말만 있고 모양은 없습니다. 그림은 옆에 있습니다. 모양이 중요하면 PDF를 요청하십시오.',
    'files-unopened':
      '안에 파일 {count}개가 있고, 규칙이 허용하는 수를 넘은 {left}개는 열지 않았습니다.',
    'sheet-left-out':
      '사본에서 빠진 것: 그림 {pictures}개, 차트 {charts}개, 피벗 표 {pivots}개. 글과 그림 방식의 쪽에는 보입니다.',
    'drawn-anew':
      '새로 쓴 것: 값으로 다시 만든 차트 {charts}개, 글상자 {boxes}개, 그림 {pictures}개. 개체 그림과 도식 {drawings}개는 글자만 남았습니다.',
    'mail-versions-differ':
      '이 메일의 단순한 판과 꾸민 판이 서로 다른 말을 합니다. 사본에 둘 다 있습니다.',
    'mail-sender': '이 메일을 정말 누가 보냈는지는 다른 문제입니다. “메일” 자리에서 확인하십시오.',
    'sheets-unhidden': '합계가 맞도록 숨긴 시트를 사본에서는 드러냈습니다. 목록에 있습니다.',
    'format-changes':
      '추적된 서식 변경 {count}개는 변경으로 남기지 않았습니다. 글은 변경 뒤의 모양입니다.',
    'page-unread': '{page}쪽은 읽을 수 없어 사본에서 비어 있습니다.',
    'letters-undrawn':
      '{page}쪽: 글꼴이 문서에 없어 그리지 못한 글자 {count}개. 글로는 선택할 수 있습니다.',
    'letters-unmapped':
      '어느 글자인지 말하지 않는 모양 {count}개. 사본에 보이지만 글 층에는 없습니다.',
    'was-signed':
      '원본에 전자 서명이 있습니다. 다시 만든 사본에는 있을 수 없습니다. 보낸 사람과 함께 원본에서 확인하십시오.',
    'no-bubblewrap':
      '이 컴퓨터에서 Bubblewrap을 쓸 수 없어 Node의 권한 모델만으로 문서를 열었습니다.',
    'report-cut':
      '보고서에 담을 수 있는 것보다 많이 발견되었습니다. 목록마다 처음 {count}개를 보입니다.',
    'weaker-cage':
      '정직한 엔진은 파일과 프로그램에 닿지 못하지만 이것은 우리가 아닙니다. 장악된 엔진은 네트워크에 닿을 수 있습니다. bubblewrap을 설치하십시오.',
  },
  caution: {
    'stale-history':
      '역사는 {day}까지 알려져 있고, 이는 발행일보다 {years}년 앞입니다. 오래된 기저율과 크게 다르지 않습니다.',
    'few-incidents':
      '이런 종류의 날짜 있는 사건은 {count}건뿐입니다. 수치는 주로 다른 쌍에서 왔습니다.',
    'several-receivers': '여러 대상을 하나로 물었습니다.',
    'nothing-moves-it':
      '도발, 훈련, 제재, 정상회담, 선거, 명절은 이 수치를 움직이지 않습니다. 측정된 능력이 있는 것이 없습니다.',
    'moved-by': '관문을 통과한 것이 움직였습니다: {names}.',
  },
  figure: {
    'precision-day': '일',
    'precision-month': '월',
    'precision-year': '연',
    'precision-range': '기간',
    'event-provocation': '도발',
    'event-test': '시험',
    'event-exercise': '훈련',
    'event-sanction': '제재',
    'event-summit': '정상회담',
    'event-cancellation': '취소',
    'event-election': '선거',
    'event-holiday': '명절',
    'event-indictment': '기소',
    'event-strike': '타격',
    'event-agreement': '합의',
    'event-statement': '성명',
    'kind-disruption': '교란',
    'kind-destruction': '파괴',
    'kind-defacement': '변조',
    'kind-ransom': '몸값 요구',
    'kind-doxing': '폭로',
    'kind-espionage': '첩보',
    'kind-theft': '절취',
    'kind-hijacking': '탈취',
    incident: '사고',
    'axis-days': '발행 뒤 날수',
    'axis-probability': '확률',
    'column-occurred': '일어남',
    'column-disclosed': '알려짐',
    'column-precision': '정밀도',
    'column-who': '누가',
    'column-what': '무엇을',
    'column-title': '제목',
    'column-days': '날수',
    'column-forecast': '예측',
    'column-low': '낮음',
    'column-high': '높음',
    'column-base': '기저율',
    'nobody-named': '이름 없음',
    'unknown-actor': '알 수 없음',
    'and-others': '{who} 등',
    'timeline-occurred': '일어난 때',
    'timeline-disclosed': '알려진 때',
    'timeline-says':
      '막대 하나가 기록 하나이고, 너비는 날짜의 불확실함입니다. 줄마다 위는 사건, 아래는 사고입니다.',
    'horizon-says':
      '선은 90 % 신뢰 띠를 가진 예측이고 회색 띠는 기저율입니다. 띠가 겹치는 곳에서는 예측이 기저율보다 더 말해 주는 것이 거의 없습니다.',
  },
};
