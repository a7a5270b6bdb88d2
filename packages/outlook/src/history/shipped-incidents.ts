// The shipped incidents: typed and worded by us, one line each, with a public page where every line can be checked.

/**
 * id | kinds | initiators (country/group, `~` before it: disputed) | receivers | onset | public | gravity 1-5 | who attributes, since | what happened | source
 * Onset and publication are as precise as the source allows: day, month, year or a range; `=` is "the same day"; `?` unknown.
 * `w:` is the English Wikipedia, whose article names the primary sources.
 */
export const INCIDENT_LINES = `
kp-2009-july4|disruption|~KP|US,KR|2009-07-04|2009-07-08|2|South Korean intelligence, 2009-07; evidence contested|Three waves of flooding against American and South Korean government, bank and news sites|w:July_2009_cyber_attacks
kp-2011-tendays|disruption|KP/Lazarus Group|KR|2011-03-04|=|2|South Korean police, 2011-04|Ten days of flooding against South Korean sites, after which the flooding machines wiped themselves|w:Lazarus_Group
kp-2011-nonghyup|destruction|KP|KR|2011-04-12|=|4|Seoul prosecutors, 2011-05-03|Servers of Nonghyup bank wiped; customers without service for days|w:Lazarus_Group
kp-2013-darkseoul|destruction|KP/Lazarus Group|KR|2013-03-20|=|4|South Korean government, 2013-04-10|Wiper against three broadcasters and several banks at one hour|w:2013_South_Korea_cyberattack
kp-2013-june25|disruption,defacement,doxing|KP/Lazarus Group|KR|2013-06-25|=|3|South Korean government, 2013-07-16|Presidential office defaced and government name servers flooded on the war's anniversary|w:June_25_cyber_terror
kp-2014-sony|destruction,doxing|KP/Lazarus Group|US|2014-11-24|=|5|FBI, 2014-12-19; indictment 2018-09-06|Sony Pictures wiped and its mail published; threats against cinemas that would show a comedy|w:2014_Sony_Pictures_hack
kp-2014-khnp|doxing|KP/Kimsuky|KR|2014-12|2014-12-15|3|South Korean prosecutors, 2015-03-17|Plans and staff data of the nuclear power operator published with threats|w:Kimsuky
kp-2016-bangladesh|theft|KP/Lazarus Group|BD|2016-02-04|2016-03|5|US indictment, 2018-09-06|81 million dollars taken from the account of Bangladesh Bank in New York by forged payment orders|w:Bangladesh_Bank_robbery
kp-2016-defence|espionage|KP|KR|2016-09|2016-12|4|South Korean defence ministry, 2017-05|Military network entered through a server that joined it to the internet; war plans taken|w:Lazarus_Group
kp-2017-wannacry|ransom|KP/Lazarus Group|GB,US,KR|2017-05-12|=|5|United States, 2017-12-19|Self-spreading ransomware stops hospitals, factories and offices in some 150 countries|w:WannaCry_ransomware_attack
kp-2017-feib|theft|KP/Lazarus Group|TW|2017-10|2017-10|3|security companies, 2017-10|60 million dollars moved out of Far Eastern International Bank, most of it recovered|w:Lazarus_Group
kp-2017-youbit|theft|KP/Lazarus Group|KR|2017-12-19|=|3|South Korean intelligence, 2018-02|Second theft from the exchange Youbit, which closed|w:Lazarus_Group
kp-2019-kudankulam|espionage|KP/Lazarus Group|IN|2019-09|2019-10-30|3|security companies, 2019-10|Spying malware in the office network of the Kudankulam nuclear plant|w:Kudankulam_Nuclear_Power_Plant
kp-2021-kaeri|espionage|KP/Kimsuky|KR|2021-05-14|2021-06-18|3|South Korean parliament member, 2021-06-18|Atomic energy research institute entered through its remote access|w:Kimsuky
kp-2022-ronin|theft|KP/Lazarus Group|VN|2022-03-23|2022-03-29|4|FBI, 2022-04-14|More than 600 million dollars of tokens taken from the Ronin bridge of a game|https://www.fbi.gov/news/press-releases/fbi-statement-on-attribution-of-malicious-cyber-activity-posed-by-the-democratic-peoples-republic-of-korea
kp-2022-harmony|theft|KP/Lazarus Group|US|2022-06-23|2022-06-24|4|FBI, 2023-01-23|100 million dollars taken from the Horizon bridge|https://www.fbi.gov/news/press-releases/fbi-confirms-lazarus-group-cyber-actors-responsible-for-harmonys-horizon-bridge-currency-theft
kp-2023-3cx|espionage,hijacking|KP/Lazarus Group|US,GB|2023-03|2023-03-29|4|security companies, 2023-04|Desktop telephone program shipped with a trojan after its maker had been entered through another trojan|w:Lazarus_Group
kp-2024-dmm|theft|KP/TraderTraitor|JP|2024-05-31|=|4|FBI and Japanese police, 2024-12-23|308 million dollars of bitcoin taken from the exchange DMM|w:Lazarus_Group
kp-2024-wazirx|theft|KP/Lazarus Group|IN|2024-07-18|=|4|United States, Japan and South Korea, 2025-01-14|About 230 million dollars taken from the exchange WazirX|w:WazirX
kp-2025-bybit|theft|KP/TraderTraitor|AE|2025-02-21|=|5|FBI, 2025-02-26|About 1.5 billion dollars of ether taken from the exchange Bybit|https://www.ic3.gov/PSA/2025/PSA250226
ru-1996-moonlight|espionage|~RU/Turla|US|1996/1998|1999|3|US investigators, 1999|Two years of copying from American military and research computers|w:Moonlight_Maze
ru-2007-estonia|disruption|~RU|EE|2007-04-27|=|4|Estonian government; the state's own part is contested|Weeks of flooding against Estonian state, bank and news sites after a war memorial was moved|w:2007_cyberattacks_on_Estonia
ru-2008-georgia|disruption,defacement|~RU|GE|2008-08-08|=|3|Georgian government; the state's own part is contested|Georgian state sites flooded and defaced as the war began|w:Cyberattacks_during_the_Russo-Georgian_War
ru-2008-agentbtz|espionage|RU/Turla|US|2008|2010-08|4|US officials and security companies, 2010 and later|Worm on a memory stick reaches classified networks of the US military|w:2008_malware_infection_of_the_United_States_Department_of_Defense
ru-2014-election|disruption,doxing|RU/CyberBerkut|UA|2014-05-21|2014-05-22|3|Ukrainian security service, 2014-05|Election commission's computers damaged days before the presidential vote|w:CyberBerkut
ru-2015-tv5|destruction|RU/APT28|FR|2015-04-08|=|4|French investigators, 2015-06|TV5Monde off the air for hours behind a false banner of the Islamic State|w:TV5Monde
ru-2015-bundestag|espionage|RU/APT28|DE|2015-04/2015-05|2015-05-15|4|German government, 2016-05; arrest warrant 2020-05|German parliament's network entered and mail copied|w:Fancy_Bear
ru-2015-grid|destruction,disruption|RU/Sandworm|UA|2015-12-23|=|5|US indictment, 2020-10-19|Breakers of three power companies opened by remote control; a quarter of a million people without power|w:2015_Ukraine_power_grid_hack
ru-2016-podesta|doxing|RU/APT28|US|2016-03-19|2016-10-07|4|US intelligence, 2016-10-07|Mail of a campaign chairman taken in March and published in October|w:Podesta_emails
ru-2016-dnc|espionage,doxing|RU/APT28|US|2016-04|2016-06-14|5|US intelligence, 2016-10-07; indictment 2018-07-13|Party committee entered, its files and mail published before the convention|w:Democratic_National_Committee_cyber_attacks
ru-2016-wada|doxing|RU/APT28|CA|2016-08|2016-09-13|3|anti-doping agency, 2016-09-13; indictment 2018-10-04|Medical files of athletes published after Russian athletes were excluded|w:Fancy_Bear
ru-2016-kyiv|destruction,disruption|RU/Sandworm|UA|2016-12-17|=|5|US indictment, 2020-10-19|A substation near Kyiv switched off by a program made for the purpose|w:Industroyer
ru-2017-macron|doxing|~RU/APT28|FR|2017-05-05|=|3|US indictment, 2020-10-19; French agency found no proof in 2017|Campaign mail published hours before the silence period of the French election|w:2017_Macron_e-mail_leaks
ru-2017-notpetya|destruction|RU/Sandworm|UA,US,DK|2017-06-27|=|5|United Kingdom and United States, 2018-02-15|Wiper posing as ransomware spreads from Ukrainian tax software around the world|w:2017_Ukraine_ransomware_attacks
ru-2017-badrabbit|ransom|RU/Sandworm|UA,RU|2017-10-24|=|3|United Kingdom, 2018-10-04|Ransomware hits Kyiv metro, Odesa airport and Russian newspapers|w:Sandworm_(hacker_group)
ru-2018-olympics|destruction|RU/Sandworm|KR|2018-02-09|2018-02-11|4|US indictment, 2020-10-19; first taken for North Korea|Opening ceremony of the winter games disrupted by a wiper dressed up as somebody else's|https://www.justice.gov/opa/pr/six-russian-gru-officers-charged-connection-worldwide-deployment-destructive-malware-and
ru-2018-opcw|espionage|RU/APT28|NL|2018-04-13|2018-10-04|3|Netherlands, 2018-10-04|Four officers caught beside the chemical weapons watchdog with radio equipment in a car|w:Fancy_Bear
ru-2019-georgia|defacement,disruption|RU/Sandworm|GE|2019-10-28|=|3|United Kingdom and United States, 2020-02-20|Thousands of Georgian sites defaced and two broadcasters stopped|https://www.justice.gov/opa/pr/six-russian-gru-officers-charged-connection-worldwide-deployment-destructive-malware-and
ru-2020-solarwinds|espionage|RU/Cozy Bear|US|2020-03|2020-12-13|5|United States, 2021-04-15|Network management software shipped with a back door; nine federal agencies entered|w:2020_United_States_federal_government_data_breach
ru-2022-whispergate|defacement,destruction|RU|UA|2022-01-13|2022-01-14|3|United States and allies, 2022-05-10|Ukrainian ministries defaced while a wiper posed as ransomware|w:2022_Ukraine_cyberattacks
ru-2022-ddos|disruption|RU|UA|2022-02-15|=|2|United States, 2022-02-18|Ukrainian defence ministry and two banks flooded|w:2022_Ukraine_cyberattacks
ru-2022-hermetic|destruction|RU/Sandworm|UA|2022-02-23|=|4|security companies, 2022-02-23|Wiper on hundreds of Ukrainian machines on the eve of the invasion|w:2022_Ukraine_cyberattacks
ru-2022-viasat|destruction|RU|UA,DE|2022-02-24|2022-03|5|European Union, 2022-05-10|Tens of thousands of satellite modems erased as the invasion began; German wind turbines lose their link|w:Viasat_hack
ru-2022-ukrtelecom|disruption|RU|UA|2022-03-28|=|3|Ukrainian government, 2022-03-28|National operator Ukrtelecom down for hours|w:2022_Ukraine_cyberattacks
ru-2022-industroyer2|destruction|RU/Sandworm|UA|2022-04-08|2022-04-12|4|Ukrainian CERT, 2022-04-12|Second program against substations stopped before it could switch|w:Industroyer
ru-2022-lithuania|disruption|RU/Killnet|LT|2022-06-27|=|2|the group itself, 2022-06-27|Lithuanian state sites flooded after transit to Kaliningrad was limited|w:Killnet
ru-2022-estonia|disruption|RU/Killnet|EE|2022-08-17|2022-08-18|2|the group itself, 2022-08-18|Estonian sites flooded after a Soviet tank monument was removed|w:Killnet
ru-2022-airports|disruption|RU/Killnet|US|2022-10-10|=|1|the group itself, 2022-10-10|Sites of American airports flooded; flights not touched|w:Killnet
ru-2022-prestige|ransom|RU/Sandworm|UA,PL|2022-10-11|2022-10-14|3|security company, 2022-11-10|Ransomware against transport and logistics in Ukraine and Poland|w:Sandworm_(hacker_group)
ru-2022-grid|destruction,disruption|RU/Sandworm|UA|2022-10-10|2023-11-09|5|security company, 2023-11-09|Substation switched off during missile strikes, then wiped|w:Sandworm_(hacker_group)
ru-2023-kyivstar|destruction|RU/Sandworm|UA|2023-12-12|=|5|Ukrainian security service, 2024-01-04|Ukraine's largest mobile operator wiped from inside; 24 million subscribers without service|w:Kyivstar
ru-2023-microsoft|espionage|RU/Cozy Bear|US|2023-11|2024-01-19|4|the victim, 2024-01-19|Mail of Microsoft's leadership read after a password was guessed|w:Cozy_Bear
us-2009-stuxnet|destruction|~US,~IL|IR|2009-06|2010-06-17|5|journalists citing officials, 2012-06-01; never confirmed|Centrifuges at Natanz worn out by altered controllers|w:Stuxnet
us-2012-flame|espionage|~US,~IL|IR|2010/2012|2012-05-28|4|journalists citing officials, 2012-06-19; never confirmed|Large spying program found on Iranian ministries' computers|w:Flame_(malware)
ir-2012-shamoon|destruction|IR|SA|2012-08-15|=|5|US officials, 2012-10|Some 30,000 workstations of Saudi Aramco wiped during a holy night|w:Shamoon
ir-2012-rasgas|destruction|IR|QA|2012-08-27|2012-08-30|4|US officials, 2012-10|Gas producer RasGas taken offline by a wiper|w:Shamoon
ir-2012-ababil1|disruption|IR|US|2012-09-18|=|3|US indictment, 2016-03-24|First wave of flooding against American banks|w:Operation_Ababil
ir-2012-ababil2|disruption|IR|US|2012-12-11|=|3|US indictment, 2016-03-24|Second wave of flooding against American banks|w:Operation_Ababil
ir-2013-ababil3|disruption|IR|US|2013-03-05|=|3|US indictment, 2016-03-24|Third wave of flooding against American banks|w:Operation_Ababil
ir-2013-bowman|hijacking|IR|US|2013-08-28|2015-12-20|2|US indictment, 2016-03-24|Control system of a small dam near New York entered while its gate was disconnected|https://www.justice.gov/opa/pr/seven-iranians-working-islamic-revolutionary-guard-corps-affiliated-entities-charged
ir-2014-sands|destruction|IR|US|2014-02-10|2014-02-11|4|US director of national intelligence, 2015-02-26|Casino company wiped after its owner spoke of bombing Iran|w:Las_Vegas_Sands
ir-2016-shamoon2|destruction|IR|SA|2016-11-17|2016-11-30|4|security companies, 2016-12|Shamoon returns against Saudi agencies, among them aviation|w:Shamoon
ir-2017-shamoon2b|destruction|IR|SA|2017-01-23|=|3|security companies, 2017-01|Another wave of Shamoon against Saudi ministries and chemical companies|w:Shamoon
ir-2018-atlanta|ransom|IR/SamSam|US|2018-03-22|=|4|US indictment, 2018-11-28 (criminals, not the state)|City of Atlanta without its services for days|w:Atlanta_government_ransomware_attack
ir-2018-saipem|destruction|IR|IT|2018-12-10|=|3|security companies, 2018-12|Shamoon against the servers of an oil services company|w:Shamoon
us-2019-irgc|disruption|US|IR|2019-06-20|2019-06-22|3|US officials to journalists, 2019-06-22|Missile control computers and a spying group's database attacked after a drone was shot down|w:2019_Iranian_shoot-down_of_American_drone
ir-2020-water|disruption|IR|IL|2020-04-24|2020-04-26|4|Israeli officials to journalists, 2020-05|Controllers of water works attacked over a weekend|w:Iran–Israel_proxy_conflict
il-2020-port|disruption|~IL|IR|2020-05-09|2020-05-18|3|officials to journalists, 2020-05-18; never confirmed|Ships and lorries stand still at Shahid Rajaee port|w:Iran–Israel_proxy_conflict
il-2021-rail|disruption,destruction|~IL/Predatory Sparrow|IR|2021-07-09|=|3|security companies suspect a group calling itself Indra; Israel is suspected by Iran only|Iranian railways wiped; boards tell travellers to call the supreme leader's office|w:Predatory_Sparrow
il-2021-fuel|disruption|~IL/Predatory Sparrow|IR|2021-10-26|=|4|officials to journalists, 2021-11; never confirmed|Fuel cards stop working at every station in Iran|w:Predatory_Sparrow
il-2022-steel|destruction|~IL/Predatory Sparrow|IR|2022-06-27|=|4|the group itself; Israel is suspected|Three steel makers attacked; video of molten metal in a hall|w:Predatory_Sparrow
ir-2022-albania|destruction,doxing|IR|AL|2022-07-15|=|4|Albania and United States, 2022-09-07|Albanian government services wiped; Albania breaks off relations|https://www.cisa.gov/news-events/cybersecurity-advisories/aa22-264a
ir-2023-unitronics|defacement,disruption|IR/CyberAv3ngers|US|2023-11-25|=|3|United States, 2023-12-01|Israeli-made controllers of a water company near Pittsburgh and others taken over|https://www.cisa.gov/news-events/cybersecurity-advisories/aa23-335a
il-2023-fuel|disruption|~IL/Predatory Sparrow|IR|2023-12-18|=|4|the group itself; Israel is suspected|Most Iranian fuel stations stop again|w:Predatory_Sparrow
ir-2024-campaign|espionage,doxing|IR|US|2024-06|2024-08-10|3|United States, 2024-08-19; indictment 2024-09-27|Presidential campaign's documents taken and offered to newspapers|https://www.justice.gov/opa/pr/three-irgc-cyber-actors-indicted-hack-and-leak-operation-designed-influence-2024-us
il-2025-sepah|destruction|~IL/Predatory Sparrow|IR|2025-06-17|=|4|the group itself; Israel is suspected|Bank Sepah's data destroyed during the war of June 2025|w:Predatory_Sparrow
il-2025-nobitex|destruction,theft|~IL/Predatory Sparrow|IR|2025-06-18|=|4|the group itself; Israel is suspected|Some 90 million dollars of an Iranian exchange burnt in public|w:Predatory_Sparrow
cn-2001-honker|defacement,disruption|~CN/Honker Union|US|2001-04-30|=|2|the group itself|Chinese volunteers deface American sites after two aircraft collided|w:Honker_Union
cn-2003-titanrain|espionage|CN|US|2003|2005-08|4|US officials to journalists, 2005-08|Defence contractors and laboratories copied for years|w:Titan_Rain
cn-2009-ghostnet|espionage|~CN|IN|2007/2009|2009-03-29|3|researchers, 2009-03-29; the state's own part is open|Spying network in the Dalai Lama's offices and ministries of some hundred countries|w:GhostNet
cn-2009-aurora|espionage|CN|US|2009-06/2009-12|2010-01-12|5|the victim, 2010-01-12|Google and some thirty companies entered; Google leaves the Chinese search market|w:Operation_Aurora
cn-2011-rsa|espionage|CN|US|2011-03|2011-03-17|4|US general to the Senate, 2012-03-27|Seeds of security tokens taken and then used against an arms maker|w:RSA_SecurID
cn-2014-anthem|espionage|CN|US|2014-02-18|2015-02-04|4|US indictment, 2019-05-09|Records of nearly 80 million insured people taken|w:Anthem_medical_data_breach
cn-2014-opm|espionage|CN|US|2014|2015-06-04|5|US officials, 2015-06|Vetting files of 21 million federal employees and applicants taken|w:Office_of_Personnel_Management_data_breach
cn-2014-marriott|espionage|CN|US|2014-07|2018-11-30|4|US attorney general, 2020-02-10|Guest reservations of hundreds of millions of people taken|w:Marriott_International
cn-2015-greatcannon|disruption|CN|US|2015-03-26|2015-03-27|3|researchers, 2015-04-10|GitHub flooded by the browsers of passers-by through altered traffic|w:Great_Cannon
cn-2016-cloudhopper|espionage|CN/APT10|US,GB,JP|2014/2017|2017-04-03|4|US indictment, 2018-12-20|Managed service providers entered to reach their customers|w:Red_Apollo
cn-2017-equifax|espionage|CN|US|2017-05-13|2017-09-07|5|US indictment, 2020-02-10|Credit files of 147 million people taken|w:2017_Equifax_data_breach
cn-2020-cpc|ransom|CN/APT41|TW|2020-05-04|=|3|Taiwanese investigators, 2020-05-15|Taiwan's state oil company stopped by ransomware before the inauguration|w:Double_Dragon_(hacking_group)
cn-2021-exchange|espionage,hijacking|CN/Hafnium|US|2021-01-03|2021-03-02|5|United States and allies, 2021-07-19|Mail servers of tens of thousands of organisations entered through four unknown holes|w:2021_Microsoft_Exchange_Server_data_breach
cn-2022-pelosi|disruption,defacement|~CN|TW|2022-08-02|=|2|Taiwanese government, 2022-08-03; the state's own part is open|Taiwanese government sites flooded and shop screens defaced as a guest arrived|w:2022_visit_by_Nancy_Pelosi_to_Taiwan
cn-2023-volt|espionage,hijacking|CN/Volt Typhoon|US|2021/2023|2023-05-24|5|United States and allies, 2023-05-24|Footholds in American power, water and ports, Guam first|w:Volt_Typhoon
cn-2023-storm0558|espionage|CN|US|2023-05-15|2023-07-11|4|the vendor, 2023-07-11|Ministers' mail read with a forged key of the mail provider|https://www.cisa.gov/news-events/cybersecurity-advisories/aa23-193a
cn-2024-salt|espionage|CN/Salt Typhoon|US|2024|2024-09|5|United States, 2024-11-13|Telephone companies entered, down to the system for lawful interception|w:Salt_Typhoon
`;
