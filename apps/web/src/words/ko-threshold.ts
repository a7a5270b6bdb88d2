// The messages before the desk in Korean: setting up, unlocking, codes for a camera, and the tour.

import type { enThreshold } from './en-threshold.ts';

export const koThreshold: Readonly<Record<keyof typeof enThreshold, string>> = {
  'setUp.title': '내 데스크 마련하기',
  'setUp.explain':
    '이 기계는 한 구성원의 데스크가 됩니다. 열쇠는 여기서 만들어지고 밖으로 나가지 않습니다.',
  'setUp.party': '당사자(대표단), 상대편이 볼 이름',
  'setUp.member': '이 기계를 쓰는 사람',
  'setUp.device': '이 기계의 이름(비워도 됨)',
  'setUp.deviceDefault': '첫 기기',
  'setUp.passphrase': '금고의 암호문',
  'setUp.advice': '나와 관련 없는 낱말 네 개가 기호 섞인 낱말 하나보다 낫습니다.',
  'setUp.again': '한 번 더 똑같이',
  'setUp.differs': '두 암호문이 다릅니다.',
  'setUp.strength': '강도',
  'strength.0': '바로 알아맞힘',
  'strength.1': '아주 약함',
  'strength.2': '약함',
  'strength.3': '좋음',
  'strength.4': '강함',
  'setUp.recovery': '아무도 되돌려 줄 수 없습니다.',
  'setUp.recoveryMeaning':
    '이것만이 이 기계에 있는 것을 엽니다. 암호문이나 기계를 잃으면 같은 당사자의 책임자가 새 기기로 다시 들여보내고, 상대편은 그 사실을 봅니다. 적어서 기계와 떨어진 곳에 두십시오.',
  'setUp.act': '데스크 마련하기',
  'unlock.title': '내 데스크 열기',
  'unlock.explain': '이 기계의 금고가 잠겨 있습니다.',
  'unlock.act': '열기',
  'invitation.code': '또는 화면의 이 코드를 찍게 하십시오:',
  'invitation.codeLabel': 'QR 코드로 된 초대',
  'scan.camera': '카메라로 찍기',
  'scan.picture': '그림에서 읽기',
  'scan.nothing': '이 그림에서 코드를 읽을 수 없습니다.',
  'scan.noCamera': '카메라가 없거나 브라우저가 막고 있습니다.',
  'tour.title': '둘러보기',
  'tour.step': '{steps} 중 {step}',
  'tour.on': '계속',
  'tour.back': '뒤로',
  'tour.leave': '둘러보기 끝내기',
  'tour.start':
    '여기가 당신의 데스크입니다. 이 기계에서만 돌아가며, 중계기는 봉인된 봉투만 봅니다. 이름과 당사자는 맨 위에 있습니다.',
  'tour.channel': '이쪽에 채널과 자리가 있습니다. 숫자는 새로 온 것을 알립니다.',
  'tour.document':
    '상대편 문서는 풀어서 새로 쓴 뒤에야 열 수 있습니다. ‘안전 사본과 보고서’가 없앤 것과 숨어 있던 것을 보여 줍니다.',
  'tour.parties': '‘당사자’에서 전화로 낱말을 견주고, 모든 기기와 그 변화를 봅니다.',
  'tour.posture':
    '태세는 지금 채널이 얼마나 엄격한지 말합니다. 높이는 일은 책임자 한 사람이 합니다.',
  'tour.mail':
    '의심스러운 메일을 ‘메일’에 떨어뜨리면, 확인된 당사자들이 여기서 한 말에 따라 판단합니다.',
  'setUp.haveInvitation': '우리 당사자가 나를 초대했습니다',
  'setUp.invitation': '우리 당사자의 초대',
  'setUp.asked': '들여보내 달라고 했습니다',
  'setUp.askedMeaning':
    '초대한 책임자에게 이 코드를 읽어 주십시오. 같은 것이 보여야 합니다. 들여보내 주면 데스크를 여십시오.',
};
