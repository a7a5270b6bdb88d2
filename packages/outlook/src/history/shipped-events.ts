// The shipped events: tests, sanctions, summits, exercises, strikes, elections. Typed and worded by us, one line each.

/** id | class | actors | against | date | gravity 1-5 | what happened | source (`w:` the English Wikipedia, `un:` Security Council resolution) */
export const EVENT_LINES = `
kp-test-2006|test|KP|US,KR|2006-10-09|5|First North Korean nuclear test|w:2006_North_Korean_nuclear_test
kp-test-2009|test|KP|US,KR|2009-05-25|5|Second North Korean nuclear test|w:2009_North_Korean_nuclear_test
kp-test-2013|test|KP|US,KR|2013-02-12|5|Third North Korean nuclear test|w:2013_North_Korean_nuclear_test
kp-test-2016a|test|KP|US,KR|2016-01-06|5|Fourth North Korean nuclear test|w:January_2016_North_Korean_nuclear_test
kp-test-2016b|test|KP|US,KR|2016-09-09|5|Fifth North Korean nuclear test, on the state's anniversary|w:September_2016_North_Korean_nuclear_test
kp-test-2017|test|KP|US,KR|2017-09-03|5|Sixth North Korean nuclear test|w:2017_North_Korean_nuclear_test
kp-icbm-2017a|test|KP|US|2017-07-04|4|First flight of an intercontinental missile, on the American holiday|w:Hwasong-14
kp-icbm-2017b|test|KP|US|2017-07-28|4|Second flight of the Hwasong-14|w:Hwasong-14
kp-icbm-2017c|test|KP|US|2017-11-29|4|First flight of the Hwasong-15|w:Hwasong-15
kp-sat-2012|test|KP|US,KR|2012-12-12|4|Satellite launch that the Council had forbidden|w:Kwangmyŏngsŏng-3_Unit_2
kp-sat-2016|test|KP|US,KR|2016-02-07|4|Satellite launch that the Council had forbidden|w:Kwangmyŏngsŏng-4
kp-cheonan|provocation|KP|KR|2010-03-26|5|Corvette Cheonan sunk; 46 sailors die|w:ROKS_Cheonan_sinking
kp-yeonpyeong|provocation|KP|KR|2010-11-23|5|Shelling of Yeonpyeong island|w:Bombardment_of_Yeonpyeong
kp-mine|provocation|KP|KR|2015-08-04|3|Two soldiers maimed by mines in the demilitarised zone|w:2015_Korean_Demilitarized_Zone_landmine_incident
un-1695|sanction|US,KR|KP|2006-07-15|2|Security Council condemns missile tests|un:1695
un-1718|sanction|US,KR|KP|2006-10-14|4|Security Council sanctions after the first nuclear test|un:1718
un-1874|sanction|US,KR|KP|2009-06-12|4|Security Council sanctions after the second nuclear test|un:1874
un-2087|sanction|US,KR|KP|2013-01-22|3|Security Council sanctions after the satellite launch|un:2087
un-2094|sanction|US,KR|KP|2013-03-07|4|Security Council sanctions after the third nuclear test|un:2094
un-2270|sanction|US,KR|KP|2016-03-02|4|Security Council sanctions after the fourth nuclear test|un:2270
un-2321|sanction|US,KR|KP|2016-11-30|4|Security Council sanctions after the fifth nuclear test|un:2321
un-2356|sanction|US,KR|KP|2017-06-02|2|Security Council adds names to its list|un:2356
un-2371|sanction|US,KR|KP|2017-08-05|4|Security Council bans coal, iron and fish|un:2371
un-2375|sanction|US,KR|KP|2017-09-11|4|Security Council limits oil and textiles|un:2375
un-2397|sanction|US,KR|KP|2017-12-22|4|Security Council limits oil further and sends workers home|un:2397
us-eo-13687|sanction|US|KP|2015-01-02|3|American sanctions named as an answer to the attack on Sony|w:2014_Sony_Pictures_hack
us-park|indictment|US|KP|2018-09-06|3|Complaint against Park Jin Hyok made public|w:Park_Jin-hyok
us-three-kp|indictment|US|KP|2021-02-17|3|Indictment of three North Korean officers made public|https://www.justice.gov/opa/pr/three-north-korean-military-hackers-indicted-wide-ranging-scheme-commit-cyberattacks-and
kp-summit-april|summit|KP,KR||2018-04-27|4|Inter-Korean summit at Panmunjom|w:April_2018_inter-Korean_summit
kp-cancel|cancellation|US|KP|2018-05-24|5|American letter cancels the Singapore summit|w:2018_North_Korea–United_States_Singapore_Summit
kp-summit-may|summit|KP,KR||2018-05-26|3|Second inter-Korean meeting, two days after the cancellation|w:May_2018_inter-Korean_summit
kp-singapore|summit|KP,US||2018-06-12|5|American-North Korean summit in Singapore|w:2018_North_Korea–United_States_Singapore_Summit
kp-summit-sept|summit|KP,KR||2018-09-18|4|Inter-Korean summit in Pyongyang|w:September_2018_inter-Korean_summit
kp-hanoi|summit|KP,US||2019-02-27|5|American-North Korean summit in Hanoi ends without a text|w:2019_North_Korea–United_States_Hanoi_Summit
kp-dmz|summit|KP,US,KR||2019-06-30|4|Meeting in the demilitarised zone|w:2019_Koreas–United_States_DMZ_Summit
ex-kr-2013|exercise|US,KR|KP|2013-03-11|3|Command post exercise Key Resolve begins|w:Exercise_RSOI
ex-kr-2015|exercise|US,KR|KP|2015-08-17|3|Exercise Ulchi Freedom Guardian begins|w:Ulchi-Freedom_Guardian
ex-kr-2016a|exercise|US,KR|KP|2016-03-07|3|Exercises Key Resolve and Foal Eagle begin|w:Foal_Eagle
ex-kr-2016b|exercise|US,KR|KP|2016-08-22|3|Exercise Ulchi Freedom Guardian begins|w:Ulchi-Freedom_Guardian
ex-kr-2017a|exercise|US,KR|KP|2017-03-01|3|Exercise Foal Eagle begins|w:Foal_Eagle
ex-kr-2017b|exercise|US,KR|KP|2017-08-21|3|Exercise Ulchi Freedom Guardian begins|w:Ulchi-Freedom_Guardian
ex-kr-2018|exercise|US,KR|KP|2018-04-01|2|Foal Eagle, late and shorter because of the games and the talks|w:Foal_Eagle
ex-kr-2022|exercise|US,KR|KP|2022-08-22|3|Exercise Ulchi Freedom Shield begins|w:Ulchi-Freedom_Guardian
ex-kr-2023|exercise|US,KR|KP|2023-08-21|3|Exercise Ulchi Freedom Shield begins|w:Ulchi-Freedom_Guardian
ex-kr-2024|exercise|US,KR|KP|2024-08-19|3|Exercise Ulchi Freedom Shield begins|w:Ulchi-Freedom_Guardian
ru-bronze|provocation|EE|RU|2007-04-27|3|Soviet war memorial moved out of the centre of Tallinn|w:Bronze_Night
ru-georgia-war|strike|RU|GE|2008-08-08|5|War between Russia and Georgia|w:Russo-Georgian_War
ru-crimea|provocation|RU|UA|2014-03-18|5|Annexation of Crimea declared|w:Annexation_of_Crimea_by_the_Russian_Federation
us-eo-13661|sanction|US|RU|2014-03-17|3|First American sanctions over Crimea|w:International_sanctions_during_the_Russo-Ukrainian_War
ru-mh17|strike|RU|UA|2014-07-17|5|Airliner MH17 shot down over eastern Ukraine|w:Malaysia_Airlines_Flight_17
ru-minsk2|agreement|RU,UA||2015-02-12|4|Second Minsk agreement|w:Minsk_agreements
us-expel-2016|sanction|US|RU|2016-12-29|4|American sanctions and expulsions over the election|w:2016_United_States_election_interference_by_Russia
us-gru-12|indictment|US|RU|2018-07-13|4|Twelve Russian officers indicted over the election|w:Timeline_of_Russian_interference_in_the_2016_United_States_elections_(July_2016–election_day)
ru-helsinki|summit|RU,US||2018-07-16|4|Summit in Helsinki|w:2018_Russia–United_States_summit
us-gru-6|indictment|US|RU|2020-10-19|4|Six Russian officers indicted for grid, NotPetya and Olympic attacks|https://www.justice.gov/opa/pr/six-russian-gru-officers-charged-connection-worldwide-deployment-destructive-malware-and
us-eo-14024|sanction|US|RU|2021-04-15|4|American sanctions over SolarWinds|w:2020_United_States_federal_government_data_breach
ru-geneva|summit|RU,US||2021-06-16|4|Summit in Geneva|w:2021_Russia–United_States_summit
ru-zapad17|exercise|RU|UA|2017-09-14|3|Exercise Zapad begins|w:Zapad_2017_exercise
ru-recognise|provocation|RU|UA|2022-02-21|5|Recognition of two breakaway territories|w:Prelude_to_the_Russian_invasion_of_Ukraine
ru-invasion|strike|RU|UA|2022-02-24|5|Invasion of Ukraine|w:Russian_invasion_of_Ukraine
ua-election-2014|election|UA||2014-05-25|3|Ukrainian presidential election|w:2014_Ukrainian_presidential_election
ua-election-2019|election|UA||2019-03-31|3|Ukrainian presidential election, first round|w:2019_Ukrainian_presidential_election
us-election-2016|election|US||2016-11-08|4|American presidential election|w:2016_United_States_presidential_election
us-election-2018|election|US||2018-11-06|3|American midterm elections|w:2018_United_States_elections
us-election-2020|election|US||2020-11-03|4|American presidential election|w:2020_United_States_presidential_election
us-election-2024|election|US||2024-11-05|4|American presidential election|w:2024_United_States_presidential_election
fr-election-2017|election|FR||2017-05-07|3|French presidential election, second round|w:2017_French_presidential_election
us-irgc-7|indictment|US|IR|2016-03-24|3|Seven Iranians indicted for the bank attacks and the dam|https://www.justice.gov/opa/pr/seven-iranians-working-islamic-revolutionary-guard-corps-affiliated-entities-charged
ir-jcpoa|agreement|IR,US||2015-07-14|5|Nuclear agreement in Vienna|w:Joint_Comprehensive_Plan_of_Action
us-jcpoa-out|cancellation|US|IR|2018-05-08|5|United States leaves the nuclear agreement|w:United_States_withdrawal_from_the_Joint_Comprehensive_Plan_of_Action
ir-drone|provocation|IR|US|2019-06-20|4|American drone shot down|w:2019_Iranian_shoot-down_of_American_drone
ir-abqaiq|strike|IR|SA|2019-09-14|5|Oil works at Abqaiq struck|w:Abqaiq–Khurais_attack
us-soleimani|strike|US|IR|2020-01-03|5|General Soleimani killed in Baghdad|w:Assassination_of_Qasem_Soleimani
ir-asad|strike|IR|US|2020-01-08|4|Missiles at American troops in Iraq|w:Operation_Martyr_Soleimani
il-natanz20|strike|IL|IR|2020-07-02|4|Explosion at Natanz|w:2020_Iran_explosions
il-fakhrizadeh|strike|IL|IR|2020-11-27|4|Nuclear scientist killed near Tehran|w:Assassination_of_Mohsen_Fakhrizadeh
il-natanz21|strike|IL|IR|2021-04-11|4|Power failure and explosion at Natanz|w:Natanz_Nuclear_Facility
il-oct7|strike|PS|IL|2023-10-07|5|Hamas attacks Israel|w:October_7_attacks
il-damascus|strike|IL|IR|2024-04-01|5|Iranian consulate in Damascus struck|w:Israeli_bombing_of_the_Iranian_embassy_in_Damascus
ir-april24|strike|IR|IL|2024-04-13|5|First direct Iranian attack on Israel|w:April_2024_Iranian_strikes_on_Israel
ir-oct24|strike|IR|IL|2024-10-01|5|Second direct Iranian attack on Israel|w:October_2024_Iranian_strikes_on_Israel
il-june25|strike|IL|IR|2025-06-13|5|Israel strikes Iran; twelve days of war|w:Iran–Israel_war
us-june25|strike|US|IR|2025-06-22|5|United States strikes three nuclear sites|w:2025_United_States_strikes_on_Iranian_nuclear_sites
cn-ep3|provocation|CN|US|2001-04-01|4|Two aircraft collide near Hainan; an American crew is held|w:Hainan_Island_incident
us-pla-5|indictment|US|CN|2014-05-19|4|Five Chinese officers indicted|w:PLA_Unit_61398
cn-us-2015|agreement|CN,US||2015-09-25|4|Understanding against stealing business secrets|w:PLA_Unit_61398
cn-arbitration|statement|PH|CN|2016-07-12|4|Arbitral award on the South China Sea|w:South_China_Sea_Arbitration
tw-election-2016|election|TW||2016-01-16|3|Taiwanese presidential election|w:2016_Taiwanese_presidential_election
tw-election-2020|election|TW||2020-01-11|3|Taiwanese presidential election|w:2020_Taiwanese_presidential_election
tw-election-2024|election|TW||2024-01-13|3|Taiwanese presidential election|w:2024_Taiwanese_presidential_election
us-apt10|indictment|US|CN|2018-12-20|4|Two men of APT10 indicted|w:Red_Apollo
us-apt40|indictment|US|CN|2021-07-19|4|Four men of APT40 indicted; allies attribute the Exchange attack|w:2021_Microsoft_Exchange_Server_data_breach
us-huawei|sanction|US|CN|2019-05-15|4|Huawei put on the entity list|w:Criticism_of_Huawei
us-pelosi|statement|US,TW|CN|2022-08-02|4|Speaker of the House visits Taiwan|w:2022_visit_by_Nancy_Pelosi_to_Taiwan
cn-ex-2022|exercise|CN|TW|2022-08-04|5|Exercises all round Taiwan|w:2022_Chinese_military_exercises_around_Taiwan
cn-ex-2023|exercise|CN|TW|2023-04-08|4|Exercise Joint Sword|w:2023_Chinese_military_exercises_around_Taiwan
cn-balloon|strike|US|CN|2023-02-04|3|Chinese balloon shot down|w:2023_Chinese_balloon_incident
cn-woodside|summit|CN,US||2023-11-15|4|Meeting at Woodside|w:APEC_United_States_2023
`;
