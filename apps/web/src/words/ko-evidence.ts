// What a mail's evidence says in Korean.

import type { EvidenceIn } from './said-tables.ts';

export const koEvidence: EvidenceIn = {
  'where-line': '{line}번째 줄',
  'where-header': '헤더 {name}',
  'where-name': '이름',
  'where-domain': '도메인',
  'where-subject': '제목',
  'where-text': '본문',
  'where-bytes': '바이트',
  'where-link': '링크',
  'where-link-text': '링크 글자',
  'where-link-target': '링크 대상',
  'where-file-name': '파일 이름',
  'where-picture': '그림',
  'where-square-code': '사각 코드',
  'where-recipients': '받는 사람',
  'where-forwarded-text': '전달된 글',
  'where-forwarded-mail': '전달된 메일',
  'where-dkim-seal': 'DKIM 봉인',
  'where-encoded-part': '부호화된 부분',
  'where-text-outside-the-parts': '부분 밖의 글',
  'unnamed-domain': '이름 없는 도메인',
  'no-address': '(없음)',
  'file-macro': '프로그램(매크로)을 담을 수 있는 문서',
  'file-program': '프로그램',
  'file-shortcut': '프로그램을 시작할 수 있는 바로 가기',
  'file-disk-image': '경고 없이 파일을 옮기는 디스크 이미지',
  'file-web-page': '암호를 물을 수 있는 웹 페이지 파일',
  'file-archive': '압축 파일',
  'file-locked-archive': '어떤 검사기도 읽지 못하는 암호 걸린 압축 파일',
  'file-attacked-kind': '공격에 쓰인 적이 있는 종류의 문서',
  'sender-lines': '이 메일의 발신자 줄: {count}개. 진짜 메일 프로그램은 하나만 보냅니다.',
  senders: '적힌 발신자: {count}명. 프로그램은 그중 하나만 보여 줍니다.',
  'no-sender-line': '이 메일에는 발신자 줄이 없습니다.',
  'sender-group': '발신자 줄이 그룹으로 적혀 있습니다. 진짜 메일 프로그램은 그렇게 하지 않습니다.',
  'sender-route': '발신자 주소 앞에 경로가 있습니다. 프로그램마다 다른 발신자를 보여 줍니다.',
  'sender-comment': '발신자 줄에 주석이 숨어 있습니다. 프로그램마다 다른 발신자를 보여 줍니다.',
  'sender-quoted-local':
    '발신자 주소의 일부가 따옴표 안에 있습니다. 프로그램마다 다른 발신자를 보여 줍니다.',
  'sender-at-in-local': '발신자 줄의 진짜 주소 앞에 다른 주소가 숨어 있습니다.',
  'sender-second-bracket':
    '발신자 줄의 괄호 안에 주소가 둘입니다. 프로그램마다 다른 것을 고릅니다.',
  'sender-text-after-bracket': '발신자 주소 뒤에 글이 있습니다. 프로그램마다 다르게 읽습니다.',
  'sender-encoded-address':
    '발신자 주소 자체가 부호화되어 있습니다. 진짜 메일 프로그램은 그렇게 하지 않습니다.',
  'sender-no-address': '발신자 줄에 올바른 주소가 없습니다.',
  'sender-control': '발신자 줄에 제어 문자가 있어 프로그램이 자르거나 건너뜁니다.',
  'sender-bad-domain': '발신자 줄의 도메인은 도메인이 아닙니다.',
  'like-sender-line': '발신자 줄처럼 보이지만 아닌 줄이 있습니다.',
  'header-too-large': '이 메일의 헤더가 너무 커서 끝까지 읽을 수 없습니다.',
  'header-malformed': '헤더 한 줄이 잘못되어 프로그램마다 다르게 읽습니다.',
  'double-lines': '이 메일의 {name} 줄: {count}개. 프로그램마다 다른 줄을 보여 줍니다.',
  'look-alike-link':
    '링크가 {found}을(를) 엽니다. {party}의 진짜 도메인은 {official}입니다. 표시된 글자가 다릅니다.',
  'look-alike-address':
    '주소({where})가 {found}(으)로 끝납니다. {party}의 진짜는 {official}입니다. 표시된 글자가 다릅니다.',
  'name-other-address':
    '{person}의 이름으로 되어 있으나 {party}은(는) 주소 {address}을(를) 올리지 않았습니다.',
  'name-alike-other-address':
    '{person}의 이름으로 되어 있으나 {party}은(는) 주소 {address}을(를) 올리지 않았습니다. 모양만 비슷한 글자를 표시했습니다.',
  'name-near-other-address':
    '{person}의 이름으로 되어 있으나 {party}은(는) 주소 {address}을(를) 올리지 않았습니다. 이름이 한 글자 다릅니다.',
  'address-in-name':
    '진짜 주소 {written}은(는) 이름 칸에만 적혀 있습니다. 메일은 {address}에서 왔습니다.',
  'signed-text': '본문은 {person}의 이름으로 끝나지만 메일은 {party}의 주소에서 오지 않았습니다.',
  'signed-text-address': '본문은 {person}, {written}(으)로 끝나지만 메일은 거기서 오지 않았습니다.',
  'second-sender-line': '{party}의 주소가 두 번째 발신자 줄에 있고, 메일은 다른 곳에서 왔습니다.',
  'malformed-sender-line': '잘못된 발신자 줄이 {party}의 도메인을 언급합니다.',
  'hidden-foreign-letter': '다른 문자 체계의 글자가 숨어 있습니다: {what}.',
  'hidden-invisible': '보이지 않는 문자가 숨어 있습니다: {what}.',
  'hidden-direction': '읽는 방향을 뒤집는 문자가 숨어 있습니다: {what}.',
  'hidden-control': '제어 문자가 숨어 있습니다: {what}.',
  'listed-relay':
    '{party}의 진짜 주소이고 {party}이(가) 올린 {relay}을(를) 거쳐 왔습니다. 누가 썼는지는 증명되지 않습니다.',
  unproven:
    '{party}의 진짜 주소이지만 {party}이(가) 보냈다는 증거가 없습니다. 채널에서 물어보십시오.',
  'seals-too-many': '진짜 메일보다 봉인이 많습니다. 하나도 확인하지 않았습니다.',
  'seals-unchecked': '봉인을 확인할 수 없었습니다.',
  'seal-broken': '{domain}의 기술적 봉인이 깨졌습니다: {reason}.',
  'seal-unusable': '{domain}의 기술적 봉인은 인정되지 않습니다: {reason}.',
  'seal-no-answer': '{domain}의 봉인 열쇠를 물어볼 수 없었습니다.',
  'seal-open-end': '{domain}의 봉인은 본문 끝을 열어 둡니다. 무엇이든 덧붙였을 수 있습니다.',
  'seal-of-others': '기술적 봉인은 {host}이(가) 아니라 {domain}의 것입니다.',
  'seal-unlisted-key': '{domain}의 봉인은 {party}이(가) 올리지 않은 열쇠를 씁니다.',
  'seal-open-line': '{domain}의 봉인은 {name} 줄을 덮지 않습니다. 바뀌었을 수 있습니다.',
  'dmarc-fail': '{domain}이(가) 요구하는 검사를 통과하지 못했습니다(DMARC, 규칙 {policy}).',
  'spf-fail': '{domain}은(는) 보낸 서버의 발송을 허용하지 않습니다(SPF {result}).',
  'arc-broken': '오는 길의 서버 봉인 사슬(ARC)이 끊어졌습니다.',
  'directory-expired': '{party}의 명부가 만료되었습니다. 그것으로는 아무것도 증명되지 않습니다.',
  'replay-not-to-you': '진짜 메일이지만 귀하 앞이 아닙니다. 누군가 다시 보냈을 수 있습니다.',
  'replay-late': '진짜 메일이지만 도착 {days}일 전에 봉인되었습니다.',
  'denied-by-count':
    '{party}은(는) 이것을 보내지 않았다고 밝혔습니다. {day}에 보낸 메일은 {count}통이고 이것은 그중에 없습니다.',
  'altered-on-the-way': '{party}이(가) 이런 메일을 보냈지만 이것은 오는 길에 바뀌었습니다.',
  'forwarded-attested': '안에 전달된 메일은 {party}이(가) 증명한 것입니다.',
  'forwarded-denied':
    '안에 전달된 메일은 {party}의 것이라 하지만 {party}은(는) 아니라고 밝혔습니다.',
  'forwarded-look-alike':
    '본문에 전달된 메일은 {found}에서 왔습니다. {party}의 진짜 도메인은 {official}입니다. 표시된 글자가 다릅니다.',
  'forwarded-same-words':
    '본문은 {party}이(가) 낱말까지 증명한 메일을 줄마다 그대로 전달합니다. 파일과 낱말 뒤의 링크는 비교하지 않았습니다.',
  'forwarded-other-words':
    '본문은 {party}이(가) 이 제목으로 보낸 메일을 전달하지만 증명된 것과 낱말이나 줄이 다릅니다. 메일 자체를 첨부로 달라고 하거나 {party}에 물어보십시오.',
  'forwarded-typed':
    '본문은 {party}의 메일을 전달한다고 합니다. 입력한 글은 아무것도 증명하지 않습니다. 메일 자체를 첨부로 달라고 하거나 {party}에 물어보십시오.',
  'answer-elsewhere': '답장은 {party}이(가) 아니라 {address}(으)로 갑니다.',
  'link-opens-other': '링크는 {written}이라 하지만 {host}을(를) 엽니다.',
  'link-writes-other': '링크는 {written}이라 하지만 {address}(으)로 씁니다.',
  'link-shortened': '링크가 단축 서비스 {host} 뒤에 숨어 있습니다.',
  'link-to-files': '링크가 {party}의 사이트가 아니라 {host}의 파일로 이어집니다.',
  'carries-file': '들어 있는 것: {what}. 안전 사본만 여십시오.',
  'carries-disguised-file': '들어 있는 것: {what}(문서처럼 이름을 붙임). 안전 사본만 여십시오.',
  'square-code': '그림에 사각 코드가 있습니다.',
  'square-code-official': '그림의 사각 코드가 {host}을(를) 엽니다.',
  'square-code-look-alike':
    '그림의 사각 코드가 {found}을(를) 엽니다. {party}의 진짜 도메인은 {official}입니다.',
  'square-code-elsewhere':
    '그림의 사각 코드가 {party}의 것이 아닌 {host}을(를) 엽니다. 휴대전화를 대지 마십시오.',
  'square-code-drawn':
    '본문에 글자로 그린 사각 코드가 있는 듯합니다. 읽지 않았습니다. 휴대전화를 대지 마십시오.',
  'pictures-unread': '살펴볼 수 없었던 그림: {count}개. 사각 코드에 링크가 있을 수 있습니다.',
  'rule-no-files': '{party}은(는) {ms, date, long}에 메일로 파일을 절대 보내지 않는다고 했습니다.',
  'rule-always-attested':
    '{party}은(는) {ms, date, long}에 모든 메일을 채널에서 증명한다고 했습니다. 이것은 아직 증명되지 않았습니다.',
  'rule-always-signed':
    '{party}은(는) {ms, date, long}에 모든 메일을 봉인한다고 했습니다. 이것에는 유효한 봉인이 없습니다.',
  'first-mail': '주소 {address}에서 온 첫 메일입니다.',
  'new-name': '이 주소는 이름 {name}을(를) 쓴 적이 없습니다.',
  'new-mail-program': '이 주소는 이 메일 프로그램을 쓴 적이 없습니다.',
  'unknown-thread': '귀하의 기록에 없는 대화에 답하고 있습니다.',
  'quotes-unknown': '대화를 인용하지만 귀하의 어떤 메일에 답하는지 밝히지 않습니다.',
  'first-file': '파일이 있는 첫 메일입니다. 그 전 파일 없는 메일: {count}통.',
  'first-square-code': '사각 코드가 있는 첫 메일입니다. 그 전 링크 없는 메일: {count}통.',
  'first-link': '링크가 있는 첫 메일입니다. 그 전 링크 없는 메일: {count}통.',
  'first-reply-to': '이 발신자에 대한 답장이 처음으로 {address}(으)로 갑니다.',
};
