// Why a document was refused, where a rule of a mail comes from, and the outlook's own words, in Korean.

import type { enReasons } from './en-reasons.ts';

export const koReasons: Readonly<Record<keyof typeof enReasons, string>> = {
  'alarm.party': '한 당사자가 귀하가 알아야 할 일을 했습니다.',
  'doubt.title': '두 안전 사본이 모두 참일 수는 없습니다:',
  'frozen.meaning': '여기서는 더 이상 말할 수 없습니다.',
  'reason.empty': '비어 있습니다. 다시 보내 달라고 하십시오.',
  'reason.encrypted': '암호화되어 있습니다. 암호 없는 사본을 요청하십시오.',
  'reason.wrong-password': '암호로 열리지 않습니다. 보낸 사람에게 음성으로 다시 물어보십시오.',
  'reason.broken': '손상되었습니다. 되도록 PDF로 다시 내보내 달라고 하십시오.',
  'reason.unsupported':
    '이 종류는 다시 만들 수 없습니다. PDF, DOCX, XLSX, PPTX, 그림, 일반 글로 요청하십시오.',
  'reason.too-large': '규칙이 허용하는 것보다 큽니다. 나누어 달라고 하십시오.',
  'reason.too-many-pages': '규칙이 허용하는 것보다 쪽이 많습니다. 필요한 부분을 요청하십시오.',
  'reason.page-too-large': '한 쪽이 규칙이 허용하는 것보다 큽니다. 보통 용지 크기를 요청하십시오.',
  'reason.too-many-pixels':
    '그림의 화소가 규칙이 허용하는 것보다 많습니다. 작은 것을 요청하십시오.',
  'reason.too-many-parts': '규칙이 허용하는 것보다 파일이 많습니다. 하나씩 요청하십시오.',
  'reason.too-deep': '압축 파일이나 메일이 너무 깊이 들어 있습니다. 안의 파일을 요청하십시오.',
  'reason.not-reached': '이것에 이르기 전에 시간이나 공간이 다했습니다. 이 파일만 요청하십시오.',
  'reason.compression-bomb':
    '크기보다 훨씬 크게 풀립니다: 압축 폭탄. 원본을 열지 말고 보안 담당자에게 알리십시오.',
  'reason.output-too-large': '안전 사본이 규칙이 허용하는 것보다 커집니다. 나누어 달라고 하십시오.',
  'reason.timeout':
    '다시 만들기가 너무 오래 걸렸습니다. 더 단순한 것을 요청하십시오. 공격일 수 있습니다.',
  'reason.memory':
    '다시 만들기에 메모리가 너무 많이 들었습니다. 더 단순한 것을 요청하십시오. 공격일 수 있습니다.',
  'reason.cage-missing':
    '규칙은 bubblewrap을 요구하지만 이 컴퓨터에서 동작하지 않습니다. 설치하십시오.',
  'reason.cage-broken':
    '갇힌 판독기가 해서는 안 될 답을 하여 그 결과를 버렸습니다. 원본을 열지 말고 보안 담당자에게 알리십시오.',
  'reason.cancelled': '취소되었습니다. 다시 시작하십시오.',
  'found.formula': '단순한 산술이 아닌 수식(값은 남음)',
  'found.defined-name': '셀 이름',
  'outlook.between': '{who} → {whom} (상대)',
  'outlook.interval': '{p}({low}~{high}),',
  'outlook.fromTo': '{from}부터 {to}까지',
  'outlook.holidays': '명절에 맞춘 공격: 자료는 그 주장을 뒷받침하지 않습니다.',
  'chance.almost-no-chance': '거의 가능성 없음',
  'chance.very-unlikely': '매우 있을 것 같지 않음',
  'chance.unlikely': '있을 것 같지 않음',
  'chance.roughly-even-chance': '대략 반반',
  'chance.likely': '있을 것 같음',
  'chance.very-likely': '매우 있을 것 같음',
  'chance.almost-certain': '거의 확실',
  'source.D5': '보이는 이름으로 사칭, 공개 메일 규칙에서와 같음',
  'source.D8': '이 메일함의 발신자 기록',
  'source.D11': '링크의 글자와 대상을 비교',
  'source.D15': '당사자가 서명한 명부',
  'source.D16': '채널에 있는 당사자의 증명과 하루 봉인',
};
