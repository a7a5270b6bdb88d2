// What the shipped history tells, in Korean: the record by whose id a title stands first, and the title.

export const koHistory = `
parley:kp-test-2006|북한의 1차 핵실험
parley:kp-test-2009|북한의 2차 핵실험
parley:kp-test-2013|북한의 3차 핵실험
parley:kp-test-2016a|북한의 4차 핵실험
parley:kp-test-2016b|정권 수립일에 이루어진 북한의 5차 핵실험
parley:kp-test-2017|북한의 6차 핵실험
parley:kp-icbm-2017a|미국 휴일에 이루어진 첫 대륙간 미사일 발사
parley:kp-icbm-2017b|화성-14형의 두 번째 발사
parley:kp-icbm-2017c|화성-15형의 첫 발사
parley:kp-sat-2012|안보리가 금지한 위성 발사
parley:kp-cheonan|초계함 천안함 침몰, 장병 46명 사망
parley:kp-yeonpyeong|연평도 포격
parley:kp-mine|비무장지대에서 지뢰로 병사 두 명 부상
parley:un-1695|안보리, 미사일 시험 규탄
parley:un-1718|1차 핵실험 뒤 안보리 제재
parley:un-1874|2차 핵실험 뒤 안보리 제재
parley:un-2087|위성 발사 뒤 안보리 제재
parley:un-2094|3차 핵실험 뒤 안보리 제재
parley:un-2270|4차 핵실험 뒤 안보리 제재
parley:un-2321|5차 핵실험 뒤 안보리 제재
parley:un-2356|안보리, 제재 명단 추가
parley:un-2371|안보리, 석탄·철·수산물 금지
parley:un-2375|안보리, 석유와 섬유 제한
parley:un-2397|안보리, 석유를 더 제한하고 노동자 송환
parley:us-eo-13687|소니 공격에 대한 대응이라고 밝힌 미국의 제재
parley:us-park|박진혁에 대한 고소장 공개
parley:us-three-kp|북한 장교 세 명의 기소 공개
parley:kp-summit-april|판문점 남북 정상회담
parley:kp-cancel|싱가포르 회담을 취소한 미국의 서한
parley:kp-summit-may|취소 이틀 뒤의 두 번째 남북 만남
parley:kp-singapore|싱가포르 북미 정상회담
parley:kp-summit-sept|평양 남북 정상회담
parley:kp-hanoi|합의문 없이 끝난 하노이 북미 정상회담
parley:kp-dmz|비무장지대에서의 만남
parley:ex-kr-2013|지휘소 연습 키 리졸브 시작
parley:ex-kr-2015|을지프리덤가디언 연습 시작
parley:ex-kr-2016a|키 리졸브와 독수리 연습 시작
parley:ex-kr-2017a|독수리 연습 시작
parley:ex-kr-2018|올림픽과 대화 때문에 늦고 짧아진 독수리 연습
parley:ex-kr-2022|을지프리덤실드 연습 시작
parley:ru-bronze|탈린 중심가의 소련 전쟁 기념비 이전
parley:ru-georgia-war|러시아와 조지아의 전쟁
parley:ru-crimea|크림반도 병합 선언
parley:us-eo-13661|크림반도 관련 미국의 첫 제재
parley:ru-mh17|우크라이나 동부 상공에서 여객기 MH17 격추
parley:ru-minsk2|제2차 민스크 합의
parley:us-expel-2016|선거 관련 미국의 제재와 추방
parley:us-gru-12|선거 관련 러시아 장교 열두 명 기소
parley:ru-helsinki|헬싱키 정상회담
parley:us-gru-6|전력망·낫페트야·올림픽 공격으로 러시아 장교 여섯 명 기소
parley:us-eo-14024|솔라윈즈 관련 미국의 제재
parley:ru-geneva|제네바 정상회담
parley:ru-zapad17|자파드 훈련 시작
parley:ru-recognise|분리 지역 두 곳 승인
parley:ru-invasion|우크라이나 침공
parley:ua-election-2014|우크라이나 대통령 선거
parley:ua-election-2019|우크라이나 대통령 선거 1차 투표
parley:us-election-2016|미국 대통령 선거
parley:us-election-2018|미국 중간 선거
parley:fr-election-2017|프랑스 대통령 선거 결선 투표
parley:us-irgc-7|은행과 댐 공격으로 이란인 일곱 명 기소
parley:ir-jcpoa|빈 핵합의
parley:us-jcpoa-out|미국의 핵합의 탈퇴
parley:ir-drone|미국 무인기 격추
parley:ir-abqaiq|아브카이크 석유 시설 피격
parley:us-soleimani|바그다드에서 솔레이마니 장군 사망
parley:ir-asad|이라크 주둔 미군에 대한 미사일 공격
parley:il-natanz20|나탄즈 폭발
parley:il-fakhrizadeh|테헤란 근처에서 핵과학자 피살
parley:il-natanz21|나탄즈 정전과 폭발
parley:il-oct7|하마스의 이스라엘 공격
parley:il-damascus|다마스쿠스 주재 이란 영사관 피격
parley:ir-april24|이란의 첫 이스라엘 직접 공격
parley:ir-oct24|이란의 두 번째 이스라엘 직접 공격
parley:il-june25|이스라엘의 이란 공격, 12일간의 전쟁
parley:us-june25|미국의 핵시설 세 곳 공격
parley:cn-ep3|하이난 근처 항공기 두 대 충돌, 미국 승무원 억류
parley:us-pla-5|중국 장교 다섯 명 기소
parley:cn-us-2015|영업 비밀을 훔치지 않는다는 양해
parley:cn-arbitration|남중국해 중재 판정
parley:tw-election-2016|대만 총통 선거
parley:us-apt10|APT10 소속 두 명 기소
parley:us-apt40|APT40 소속 네 명 기소, 동맹국들이 익스체인지 공격의 배후 지목
parley:us-huawei|화웨이, 거래 제한 명단에 등재
parley:us-pelosi|하원 의장의 대만 방문
parley:cn-ex-2022|대만 전역을 둘러싼 훈련
parley:cn-ex-2023|합동 리젠 훈련
parley:cn-balloon|중국 풍선 격추
parley:cn-woodside|우드사이드 회담
parley:kp-2009-july4|미국과 한국의 정부·은행·언론 사이트에 대한 세 차례 과부하 공격
parley:kp-2011-tendays|한국 사이트에 대한 열흘간의 과부하 공격, 이후 공격 기기들이 스스로 삭제
parley:kp-2011-nonghyup|농협 서버 삭제, 고객들이 며칠간 이용 불가
parley:kp-2013-darkseoul|같은 시각 방송사 세 곳과 여러 은행에 삭제 공격
parley:kp-2013-june25|전쟁 기념일에 청와대 누리집 변조와 정부 이름 서버 과부하
parley:kp-2014-sony|소니 픽처스 삭제와 메일 공개, 코미디 영화를 상영할 극장 협박
parley:kp-2014-khnp|원전 운영사의 도면과 직원 자료를 협박과 함께 공개
parley:kp-2016-bangladesh|위조 지급 명령으로 방글라데시 은행의 뉴욕 계좌에서 8,100만 달러 탈취
parley:kp-2016-defence|인터넷과 이어진 서버로 국방망 침입, 작전 계획 유출
parley:kp-2017-wannacry|스스로 퍼지는 랜섬웨어가 약 150개국의 병원·공장·사무실을 멈춤
parley:kp-2017-feib|파이스턴 국제은행에서 6,000만 달러 이체, 대부분 회수
parley:kp-2017-youbit|유빗 거래소 두 번째 절도, 거래소 폐쇄
parley:kp-2019-kudankulam|쿠단쿨람 원전 사무망의 첩보 악성 코드
parley:kp-2021-kaeri|원격 접속을 통한 원자력연구원 침입
parley:kp-2022-ronin|게임의 로닌 브리지에서 6억 달러 넘는 토큰 탈취
parley:kp-2022-harmony|호라이즌 브리지에서 1억 달러 탈취
parley:kp-2023-3cx|다른 트로이목마로 제작사가 침입당한 뒤 트로이목마가 든 전화 프로그램 배포
parley:kp-2024-dmm|DMM 거래소에서 3억 800만 달러어치 비트코인 탈취
parley:kp-2024-wazirx|와지르엑스 거래소에서 약 2억 3,000만 달러 탈취
parley:kp-2025-bybit|바이비트 거래소에서 약 15억 달러어치 이더 탈취
parley:ru-1996-moonlight|미국 군과 연구 컴퓨터에서 2년간 복사
parley:ru-2007-estonia|전쟁 기념비 이전 뒤 에스토니아 사이트에 몇 주간 과부하 공격
parley:ru-2008-georgia|전쟁 시작과 함께 조지아 국가 사이트 과부하와 변조
parley:ru-2008-agentbtz|휴대용 저장 장치의 웜이 미군 기밀망에 도달
parley:ru-2014-election|대통령 선거 며칠 전 선거위원회 컴퓨터 훼손
parley:ru-2015-tv5|가짜 이슬람국가 깃발 아래 TV5Monde 방송 몇 시간 중단
parley:ru-2015-bundestag|독일 의회망 침입과 메일 복사
parley:ru-2015-grid|전력 회사 세 곳의 차단기 원격 개방, 25만 명 정전
parley:ru-2016-podesta|3월에 유출되어 10월에 공개된 선거 본부장의 메일
parley:ru-2016-dnc|정당 위원회 침입, 전당대회 전에 파일과 메일 공개
parley:ru-2016-wada|러시아 선수 배제 뒤 선수들의 의료 기록 공개
parley:ru-2016-kyiv|전용 프로그램으로 키이우 근처 변전소 차단
parley:ru-2017-macron|프랑스 선거 침묵 기간 몇 시간 전 선거 운동 메일 공개
parley:ru-2017-notpetya|랜섬웨어로 가장한 삭제 프로그램이 우크라이나 세무 소프트웨어에서 전 세계로 확산
parley:ru-2017-badrabbit|랜섬웨어가 키이우 지하철·오데사 공항·러시아 신문을 강타
parley:ru-2018-olympics|남의 것으로 꾸민 삭제 프로그램이 동계 올림픽 개막식을 방해
parley:ru-2018-opcw|화학무기 감시 기구 옆에서 차 안의 무선 장비와 함께 장교 네 명 적발
parley:ru-2019-georgia|조지아 사이트 수천 곳 변조와 방송사 두 곳 중단
parley:ru-2020-solarwinds|뒷문이 든 망 관리 소프트웨어 배포, 연방 기관 아홉 곳 침입
parley:ru-2022-whispergate|삭제 프로그램이 랜섬웨어로 가장하는 동안 우크라이나 부처 변조
parley:ru-2022-ddos|우크라이나 국방부와 은행 두 곳 과부하 공격
parley:ru-2022-hermetic|침공 전날 우크라이나 기기 수백 대에 삭제 프로그램
parley:ru-2022-viasat|침공 시작과 함께 위성 모뎀 수만 대 삭제, 독일 풍력 발전기 연결 상실
parley:ru-2022-ukrtelecom|국영 통신사 우크르텔레콤 몇 시간 중단
parley:ru-2022-industroyer2|변전소를 노린 두 번째 프로그램을 작동 전에 저지
parley:ru-2022-lithuania|칼리닌그라드 통행 제한 뒤 리투아니아 국가 사이트 과부하 공격
parley:ru-2022-estonia|소련 전차 기념물 철거 뒤 에스토니아 사이트 과부하 공격
parley:ru-2022-airports|미국 공항 사이트 과부하, 운항에는 영향 없음
parley:ru-2022-prestige|우크라이나와 폴란드의 운송·물류에 랜섬웨어
parley:ru-2022-grid|미사일 공격 중 변전소 차단 뒤 삭제
parley:ru-2023-kyivstar|우크라이나 최대 이동통신사 내부에서 삭제, 가입자 2,400만 명 이용 불가
parley:ru-2023-microsoft|비밀번호 추측 뒤 마이크로소프트 경영진의 메일 열람
parley:us-2009-stuxnet|변조된 제어기로 나탄즈 원심분리기 마모
parley:us-2012-flame|이란 부처 컴퓨터에서 대형 첩보 프로그램 발견
parley:ir-2012-shamoon|거룩한 밤 사우디 아람코의 업무용 컴퓨터 약 3만 대 삭제
parley:ir-2012-rasgas|삭제 프로그램으로 가스 회사 라스가스의 망 중단
parley:ir-2012-ababil1|미국 은행에 대한 첫 번째 과부하 공격
parley:ir-2012-ababil2|미국 은행에 대한 두 번째 과부하 공격
parley:ir-2013-ababil3|미국 은행에 대한 세 번째 과부하 공격
parley:ir-2013-bowman|수문이 분리된 동안 뉴욕 근처 작은 댐의 제어 시스템 침입
parley:ir-2014-sands|소유주가 이란 폭격을 말한 뒤 카지노 회사 삭제
parley:ir-2016-shamoon2|항공 등 사우디 기관에 샤문 재등장
parley:ir-2017-shamoon2b|사우디 부처와 화학 회사에 또 한 차례의 샤문
parley:ir-2018-atlanta|애틀랜타시 며칠간 업무 중단
parley:ir-2018-saipem|석유 서비스 회사 서버에 샤문
parley:us-2019-irgc|무인기 격추 뒤 미사일 컴퓨터와 첩보 조직의 자료 저장소 공격
parley:ir-2020-water|주말 동안 상수도 제어기 공격
parley:il-2020-port|샤히드 라자이 항구에서 배와 화물차 정지
parley:il-2021-rail|이란 철도 삭제, 전광판이 최고지도자실에 전화하라고 안내
parley:il-2021-fuel|이란의 모든 주유소에서 주유 카드 중단
parley:il-2022-steel|제철소 세 곳 공격, 공장 안 쇳물 영상 공개
parley:ir-2022-albania|알바니아 정부 서비스 삭제, 알바니아의 단교
parley:ir-2023-unitronics|피츠버그 근처 수도 회사 등의 이스라엘제 제어기 탈취
parley:il-2023-fuel|이란 주유소 대부분 다시 중단
parley:ir-2024-campaign|대통령 선거 본부 문서가 유출되어 신문사에 제공됨
parley:il-2025-sepah|2025년 6월 전쟁 중 세파 은행 자료 파괴
parley:il-2025-nobitex|이란 거래소의 약 9,000만 달러를 공개적으로 소각
parley:cn-2001-honker|항공기 두 대 충돌 뒤 중국 지원자들이 미국 사이트 변조
parley:cn-2003-titanrain|방위 업체와 연구소 자료를 여러 해 복사
parley:cn-2009-ghostnet|달라이 라마 사무실과 약 100개국 부처의 첩보망
parley:cn-2009-aurora|구글과 약 30개 회사 침입, 구글의 중국 검색 시장 철수
parley:cn-2011-rsa|보안 토큰의 씨앗값을 빼내 무기 회사 공격에 사용
parley:cn-2014-anthem|보험 가입자 약 8,000만 명의 기록 유출
parley:cn-2014-opm|연방 직원과 지원자 2,100만 명의 신원 조사 자료 유출
parley:cn-2014-marriott|투숙객 수억 명의 예약 자료 유출
parley:cn-2015-greatcannon|변조된 통신으로 지나가던 이들의 브라우저가 깃허브에 과부하
parley:cn-2016-cloudhopper|고객에게 닿기 위한 관리 서비스 업체 침입
parley:cn-2017-equifax|1억 4,700만 명의 신용 자료 유출
parley:cn-2020-cpc|취임식 전 대만 국영 석유 회사가 랜섬웨어로 중단
parley:cn-2021-exchange|알려지지 않은 구멍 네 개로 수만 기관의 메일 서버 침입
parley:cn-2022-pelosi|손님 도착에 맞춘 대만 정부 사이트 과부하와 상점 화면 변조
parley:cn-2023-volt|괌을 시작으로 미국 전력·수도·항만에 거점 마련
parley:cn-2023-storm0558|위조된 메일 업체 열쇠로 장관들의 메일 열람
parley:cn-2024-salt|합법 감청 시스템까지 통신 회사 침입
`;
