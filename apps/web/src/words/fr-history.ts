// What the shipped history tells, in French: the record by whose id a title stands first, and the title.

export const frHistory = `
parley:kp-test-2006|Premier essai nucléaire nord-coréen
parley:kp-test-2009|Deuxième essai nucléaire nord-coréen
parley:kp-test-2013|Troisième essai nucléaire nord-coréen
parley:kp-test-2016a|Quatrième essai nucléaire nord-coréen
parley:kp-test-2016b|Cinquième essai nucléaire nord-coréen, le jour anniversaire de l’État
parley:kp-test-2017|Sixième essai nucléaire nord-coréen
parley:kp-icbm-2017a|Premier vol d’un missile intercontinental, le jour de la fête américaine
parley:kp-icbm-2017b|Deuxième vol du Hwasong-14
parley:kp-icbm-2017c|Premier vol du Hwasong-15
parley:kp-sat-2012|Lancement d’un satellite que le Conseil avait interdit
parley:kp-cheonan|La corvette Cheonan coulée ; 46 marins meurent
parley:kp-yeonpyeong|Bombardement de l’île de Yeonpyeong
parley:kp-mine|Deux soldats mutilés par des mines dans la zone démilitarisée
parley:un-1695|Le Conseil de sécurité condamne des essais de missiles
parley:un-1718|Sanctions du Conseil de sécurité après le premier essai nucléaire
parley:un-1874|Sanctions du Conseil de sécurité après le deuxième essai nucléaire
parley:un-2087|Sanctions du Conseil de sécurité après le lancement du satellite
parley:un-2094|Sanctions du Conseil de sécurité après le troisième essai nucléaire
parley:un-2270|Sanctions du Conseil de sécurité après le quatrième essai nucléaire
parley:un-2321|Sanctions du Conseil de sécurité après le cinquième essai nucléaire
parley:un-2356|Le Conseil de sécurité ajoute des noms à sa liste
parley:un-2371|Le Conseil de sécurité interdit charbon, fer et poisson
parley:un-2375|Le Conseil de sécurité limite le pétrole et les textiles
parley:un-2397|Le Conseil de sécurité limite encore le pétrole et renvoie les travailleurs
parley:us-eo-13687|Sanctions américaines présentées comme une réponse à l’attaque contre Sony
parley:us-park|Plainte contre Park Jin Hyok rendue publique
parley:us-three-kp|Inculpation de trois officiers nord-coréens rendue publique
parley:kp-summit-april|Sommet intercoréen à Panmunjom
parley:kp-cancel|Une lettre américaine annule le sommet de Singapour
parley:kp-summit-may|Deuxième rencontre intercoréenne, deux jours après l’annulation
parley:kp-singapore|Sommet entre les États-Unis et la Corée du Nord à Singapour
parley:kp-summit-sept|Sommet intercoréen à Pyongyang
parley:kp-hanoi|Le sommet de Hanoï entre les États-Unis et la Corée du Nord finit sans texte
parley:kp-dmz|Rencontre dans la zone démilitarisée
parley:ex-kr-2013|Début de l’exercice de poste de commandement Key Resolve
parley:ex-kr-2015|Début de l’exercice Ulchi Freedom Guardian
parley:ex-kr-2016a|Début des exercices Key Resolve et Foal Eagle
parley:ex-kr-2017a|Début de l’exercice Foal Eagle
parley:ex-kr-2018|Foal Eagle, plus tard et plus court à cause des jeux et des pourparlers
parley:ex-kr-2022|Début de l’exercice Ulchi Freedom Shield
parley:ru-bronze|Un monument soviétique de la guerre retiré du centre de Tallinn
parley:ru-georgia-war|Guerre entre la Russie et la Géorgie
parley:ru-crimea|Annexion de la Crimée déclarée
parley:us-eo-13661|Premières sanctions américaines pour la Crimée
parley:ru-mh17|L’avion de ligne MH17 abattu au-dessus de l’est de l’Ukraine
parley:ru-minsk2|Deuxième accord de Minsk
parley:us-expel-2016|Sanctions et expulsions américaines à cause de l’élection
parley:us-gru-12|Douze officiers russes inculpés à cause de l’élection
parley:ru-helsinki|Sommet à Helsinki
parley:us-gru-6|Six officiers russes inculpés pour les attaques du réseau électrique, NotPetya et des jeux
parley:us-eo-14024|Sanctions américaines pour SolarWinds
parley:ru-geneva|Sommet à Genève
parley:ru-zapad17|Début de l’exercice Zapad
parley:ru-recognise|Reconnaissance de deux territoires séparatistes
parley:ru-invasion|Invasion de l’Ukraine
parley:ua-election-2014|Élection présidentielle ukrainienne
parley:ua-election-2019|Élection présidentielle ukrainienne, premier tour
parley:us-election-2016|Élection présidentielle américaine
parley:us-election-2018|Élections américaines de mi-mandat
parley:fr-election-2017|Élection présidentielle française, second tour
parley:us-irgc-7|Sept Iraniens inculpés pour les attaques contre les banques et le barrage
parley:ir-jcpoa|Accord nucléaire de Vienne
parley:us-jcpoa-out|Les États-Unis quittent l’accord nucléaire
parley:ir-drone|Drone américain abattu
parley:ir-abqaiq|Installations pétrolières d’Abqaïq frappées
parley:us-soleimani|Le général Soleimani tué à Bagdad
parley:ir-asad|Missiles contre des troupes américaines en Irak
parley:il-natanz20|Explosion à Natanz
parley:il-fakhrizadeh|Scientifique nucléaire tué près de Téhéran
parley:il-natanz21|Panne de courant et explosion à Natanz
parley:il-oct7|Le Hamas attaque Israël
parley:il-damascus|Le consulat iranien à Damas frappé
parley:ir-april24|Première attaque iranienne directe contre Israël
parley:ir-oct24|Deuxième attaque iranienne directe contre Israël
parley:il-june25|Israël frappe l’Iran ; douze jours de guerre
parley:us-june25|Les États-Unis frappent trois sites nucléaires
parley:cn-ep3|Deux avions se heurtent près de Hainan ; un équipage américain est retenu
parley:us-pla-5|Cinq officiers chinois inculpés
parley:cn-us-2015|Entente contre le vol de secrets d’affaires
parley:cn-arbitration|Sentence arbitrale sur la mer de Chine méridionale
parley:tw-election-2016|Élection présidentielle taïwanaise
parley:us-apt10|Deux hommes d’APT10 inculpés
parley:us-apt40|Quatre hommes d’APT40 inculpés ; des alliés attribuent l’attaque d’Exchange
parley:us-huawei|Huawei mis sur la liste des entités
parley:us-pelosi|La présidente de la Chambre visite Taïwan
parley:cn-ex-2022|Exercices tout autour de Taïwan
parley:cn-ex-2023|Exercice Joint Sword
parley:cn-balloon|Ballon chinois abattu
parley:cn-woodside|Rencontre à Woodside
parley:kp-2009-july4|Trois vagues de saturation contre des sites publics, de banques et de presse américains et sud-coréens
parley:kp-2011-tendays|Dix jours de saturation de sites sud-coréens, après quoi les machines s’effacent elles-mêmes
parley:kp-2011-nonghyup|Serveurs de la banque Nonghyup effacés ; clients sans service pendant des jours
parley:kp-2013-darkseoul|Effaceur contre trois diffuseurs et plusieurs banques à la même heure
parley:kp-2013-june25|Palais présidentiel défiguré et serveurs de noms saturés à l’anniversaire de la guerre
parley:kp-2014-sony|Sony Pictures effacé et son courrier publié ; menaces contre les cinémas qui montreraient une comédie
parley:kp-2014-khnp|Plans et données du personnel de l’exploitant nucléaire publiés avec des menaces
parley:kp-2016-bangladesh|81 millions de dollars pris au compte de la banque du Bangladesh à New York par de faux ordres
parley:kp-2016-defence|Réseau militaire atteint par un serveur relié à l’internet ; plans de guerre pris
parley:kp-2017-wannacry|Un rançongiciel qui se propage seul arrête hôpitaux, usines et bureaux dans quelque 150 pays
parley:kp-2017-feib|60 millions de dollars sortis de la Far Eastern International Bank, récupérés pour la plupart
parley:kp-2017-youbit|Second vol à la bourse Youbit, qui ferma
parley:kp-2019-kudankulam|Programme espion dans le réseau de bureau de la centrale nucléaire de Kudankulam
parley:kp-2021-kaeri|Institut de recherche atomique atteint par son accès à distance
parley:kp-2022-ronin|Plus de 600 millions de dollars de jetons pris au pont Ronin d’un jeu
parley:kp-2022-harmony|100 millions de dollars pris au pont Horizon
parley:kp-2023-3cx|Programme de téléphonie livré avec un cheval de Troie, son éditeur ayant été atteint par un autre
parley:kp-2024-dmm|308 millions de dollars de bitcoins pris à la bourse DMM
parley:kp-2024-wazirx|Environ 230 millions de dollars pris à la bourse WazirX
parley:kp-2025-bybit|Environ 1,5 milliard de dollars d’ether pris à la bourse Bybit
parley:ru-1996-moonlight|Deux ans de copie dans des ordinateurs militaires et de recherche américains
parley:ru-2007-estonia|Des semaines de saturation de sites estoniens après le déplacement d’un monument
parley:ru-2008-georgia|Sites de l’État géorgien saturés et défigurés au début de la guerre
parley:ru-2008-agentbtz|Un ver sur une clé atteint des réseaux secrets de l’armée américaine
parley:ru-2014-election|Ordinateurs de la commission électorale endommagés peu avant la présidentielle
parley:ru-2015-tv5|TV5Monde sans antenne pendant des heures derrière une fausse bannière de l’État islamique
parley:ru-2015-bundestag|Réseau du parlement allemand atteint et courrier copié
parley:ru-2015-grid|Disjoncteurs de trois compagnies ouverts à distance ; un quart de million de personnes sans courant
parley:ru-2016-podesta|Courrier d’un directeur de campagne pris en mars et publié en octobre
parley:ru-2016-dnc|Comité d’un parti atteint, ses fichiers et courriers publiés avant la convention
parley:ru-2016-wada|Dossiers médicaux d’athlètes publiés après l’exclusion d’athlètes russes
parley:ru-2016-kyiv|Un poste électrique près de Kiev coupé par un programme fait pour cela
parley:ru-2017-macron|Courrier de campagne publié quelques heures avant la période de réserve de l’élection française
parley:ru-2017-notpetya|Un effaceur déguisé en rançongiciel se répand dans le monde depuis un logiciel fiscal ukrainien
parley:ru-2017-badrabbit|Un rançongiciel frappe le métro de Kiev, l’aéroport d’Odessa et des journaux russes
parley:ru-2018-olympics|Cérémonie d’ouverture des jeux d’hiver troublée par un effaceur déguisé
parley:ru-2018-opcw|Quatre officiers pris près de l’organisation des armes chimiques, avec du matériel radio dans une voiture
parley:ru-2019-georgia|Des milliers de sites géorgiens défigurés et deux diffuseurs arrêtés
parley:ru-2020-solarwinds|Logiciel de gestion de réseau livré avec une porte dérobée ; neuf agences fédérales atteintes
parley:ru-2022-whispergate|Ministères ukrainiens défigurés tandis qu’un effaceur se faisait passer pour un rançongiciel
parley:ru-2022-ddos|Ministère ukrainien de la défense et deux banques saturés
parley:ru-2022-hermetic|Effaceur sur des centaines de machines ukrainiennes à la veille de l’invasion
parley:ru-2022-viasat|Des dizaines de milliers de modems par satellite effacés au début de l’invasion ; des éoliennes allemandes perdent leur liaison
parley:ru-2022-ukrtelecom|L’opérateur national Ukrtelecom arrêté pendant des heures
parley:ru-2022-industroyer2|Un second programme contre des postes électriques arrêté à temps
parley:ru-2022-lithuania|Sites de l’État lituanien saturés après la limitation du transit vers Kaliningrad
parley:ru-2022-estonia|Sites estoniens saturés après le retrait d’un char soviétique
parley:ru-2022-airports|Sites d’aéroports américains saturés ; vols non touchés
parley:ru-2022-prestige|Rançongiciel contre les transports en Ukraine et en Pologne
parley:ru-2022-grid|Poste électrique coupé pendant des frappes de missiles, puis effacé
parley:ru-2023-kyivstar|Premier opérateur mobile d’Ukraine effacé de l’intérieur ; 24 millions d’abonnés sans service
parley:ru-2023-microsoft|Courrier de la direction de Microsoft lu après la découverte d’un mot de passe
parley:us-2009-stuxnet|Centrifugeuses de Natanz usées par des automates altérés
parley:us-2012-flame|Grand programme espion trouvé sur des ordinateurs de ministères iraniens
parley:ir-2012-shamoon|Quelque 30 000 postes de Saudi Aramco effacés pendant une nuit sainte
parley:ir-2012-rasgas|Le producteur de gaz RasGas coupé du réseau par un effaceur
parley:ir-2012-ababil1|Première vague de saturation contre des banques américaines
parley:ir-2012-ababil2|Deuxième vague de saturation contre des banques américaines
parley:ir-2013-ababil3|Troisième vague de saturation contre des banques américaines
parley:ir-2013-bowman|Commande d’un petit barrage près de New York atteinte alors que sa vanne était débranchée
parley:ir-2014-sands|Société de casinos effacée après que son propriétaire eut parlé de bombarder l’Iran
parley:ir-2016-shamoon2|Shamoon revient contre des agences saoudiennes, dont l’aviation
parley:ir-2017-shamoon2b|Autre vague de Shamoon contre des ministères et des entreprises chimiques saoudiens
parley:ir-2018-atlanta|La ville d’Atlanta sans ses services pendant des jours
parley:ir-2018-saipem|Shamoon contre les serveurs d’une société de services pétroliers
parley:us-2019-irgc|Ordinateurs de missiles et base d’un groupe d’espions attaqués après la chute d’un drone
parley:ir-2020-water|Automates de stations d’eau attaqués pendant un week-end
parley:il-2020-port|Navires et camions immobiles au port de Shahid Rajaee
parley:il-2021-rail|Chemins de fer iraniens effacés ; les panneaux disent d’appeler le bureau du guide suprême
parley:il-2021-fuel|Les cartes de carburant cessent de marcher dans toutes les stations d’Iran
parley:il-2022-steel|Trois aciéries attaquées ; vidéo de métal en fusion dans un hall
parley:ir-2022-albania|Services de l’État albanais effacés ; l’Albanie rompt les relations
parley:ir-2023-unitronics|Automates de fabrication israélienne d’un service d’eau près de Pittsburgh et d’autres détournés
parley:il-2023-fuel|La plupart des stations-service iraniennes s’arrêtent de nouveau
parley:ir-2024-campaign|Documents d’une campagne présidentielle pris et offerts à des journaux
parley:il-2025-sepah|Données de la banque Sepah détruites pendant la guerre de juin 2025
parley:il-2025-nobitex|Quelque 90 millions de dollars d’une bourse iranienne brûlés en public
parley:cn-2001-honker|Des volontaires chinois défigurent des sites américains après la collision de deux avions
parley:cn-2003-titanrain|Entreprises et laboratoires de défense copiés pendant des années
parley:cn-2009-ghostnet|Réseau d’espionnage dans les bureaux du dalaï-lama et les ministères d’une centaine de pays
parley:cn-2009-aurora|Google et une trentaine d’entreprises atteints ; Google quitte le marché chinois de la recherche
parley:cn-2011-rsa|Graines de jetons de sécurité prises, puis utilisées contre un fabricant d’armes
parley:cn-2014-anthem|Dossiers de près de 80 millions d’assurés pris
parley:cn-2014-opm|Dossiers d’enquête de 21 millions d’agents et de candidats fédéraux pris
parley:cn-2014-marriott|Réservations de centaines de millions de clients d’hôtels prises
parley:cn-2015-greatcannon|GitHub saturé par les navigateurs de passants au moyen d’un trafic altéré
parley:cn-2016-cloudhopper|Prestataires informatiques atteints pour toucher leurs clients
parley:cn-2017-equifax|Dossiers de crédit de 147 millions de personnes pris
parley:cn-2020-cpc|La compagnie pétrolière publique de Taïwan arrêtée par un rançongiciel avant l’investiture
parley:cn-2021-exchange|Serveurs de courrier de dizaines de milliers d’organisations atteints par quatre failles inconnues
parley:cn-2022-pelosi|Sites de l’État taïwanais saturés et écrans de magasins défigurés à l’arrivée d’une visiteuse
parley:cn-2023-volt|Points d’appui dans l’électricité, l’eau et les ports américains, d’abord à Guam
parley:cn-2023-storm0558|Courrier de ministres lu avec une clé contrefaite du fournisseur
parley:cn-2024-salt|Opérateurs téléphoniques atteints, jusqu’au système d’écoutes légales
`;
