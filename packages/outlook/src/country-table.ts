// Countries and territories: ISO 3166-1 alpha-2 code, our name, other names (official and in data sets), words for people and things.

/** One line each: code | name | other names, by semicolon | demonyms, by semicolon. Compiled by us. */
export const COUNTRY_LINES = `
AF|Afghanistan|Islamic Republic of Afghanistan|Afghan
AL|Albania||Albanian
DZ|Algeria||Algerian
AD|Andorra||Andorran
AO|Angola||Angolan
AR|Argentina||Argentine;Argentinian
AM|Armenia||Armenian
AU|Australia||Australian
AT|Austria||Austrian
AZ|Azerbaijan||Azerbaijani;Azeri
BS|Bahamas|The Bahamas|Bahamian
BH|Bahrain||Bahraini
BD|Bangladesh||Bangladeshi
BB|Barbados||Barbadian
BY|Belarus||Belarusian;Belarussian
BE|Belgium||Belgian
BZ|Belize||Belizean
BJ|Benin||Beninese
BT|Bhutan||Bhutanese
BO|Bolivia|Bolivia, Plurinational State of;Bolivia (Plurinational State of)|Bolivian
BA|Bosnia and Herzegovina|Bosnia|Bosnian
BW|Botswana||Botswanan
BR|Brazil||Brazilian
BN|Brunei|Brunei Darussalam|Bruneian
BG|Bulgaria||Bulgarian
BF|Burkina Faso||Burkinabe
BI|Burundi||Burundian
KH|Cambodia||Cambodian
CM|Cameroon||Cameroonian
CA|Canada||Canadian
CF|Central African Republic||
TD|Chad||Chadian
CL|Chile||Chilean
CN|China|People's Republic of China;PRC;Mainland China|Chinese
CO|Colombia||Colombian
CG|Congo|Republic of the Congo|Congolese
CD|Democratic Republic of the Congo|Congo, Democratic Republic of;Congo, The Democratic Republic of the;DR Congo|
CR|Costa Rica||Costa Rican
CI|Ivory Coast|Cote d'Ivoire;Côte d'Ivoire|Ivorian
HR|Croatia||Croatian
CU|Cuba||Cuban
CY|Cyprus||Cypriot
CZ|Czech Republic|Czechia|Czech
DK|Denmark||Danish;Dane
DJ|Djibouti||Djiboutian
DO|Dominican Republic||
EC|Ecuador||Ecuadorian
EG|Egypt||Egyptian
SV|El Salvador||Salvadoran
EE|Estonia||Estonian
ER|Eritrea||Eritrean
ET|Ethiopia||Ethiopian
FI|Finland||Finnish;Finn
FJ|Fiji||Fijian
FR|France||French
GA|Gabon||Gabonese
GM|Gambia||Gambian
GE|Georgia||Georgian
DE|Germany||German
GH|Ghana||Ghanaian
GI|Gibraltar||
GR|Greece||Greek
GT|Guatemala||Guatemalan
GN|Guinea||Guinean
GY|Guyana||Guyanese
HT|Haiti||Haitian
VA|Vatican City|Holy See (Vatican City State);Vatican;Holy See|
HN|Honduras||Honduran
HK|Hong Kong|Hong Kong SAR|Hong Konger
HU|Hungary||Hungarian
IS|Iceland||Icelandic
IN|India||Indian
ID|Indonesia||Indonesian
IR|Iran|Iran, Islamic Republic of;Iran (Islamic Republic of);Islamic Republic of Iran|Iranian
IQ|Iraq||Iraqi
IE|Ireland|Republic of Ireland|Irish
IL|Israel||Israeli
IT|Italy||Italian
JM|Jamaica||Jamaican
JP|Japan||Japanese
JO|Jordan||Jordanian
KZ|Kazakhstan||Kazakh;Kazakhstani
KE|Kenya||Kenyan
KP|North Korea|Korea, Democratic People's Republic of;Korea (Democratic People's Republic of);Democratic People's Republic of Korea;DPRK;D.P.R.K.|North Korean
KR|South Korea|Korea, Republic of;Korea (Republic of);Republic of Korea;ROK|South Korean
XK|Kosovo||Kosovar;Kosovan
KW|Kuwait||Kuwaiti
KG|Kyrgyzstan||Kyrgyz;Kyrgyzstani
LA|Laos|Lao People's Democratic Republic;Lao|Laotian
LV|Latvia||Latvian
LB|Lebanon||Lebanese
LR|Liberia||Liberian
LY|Libya|Libyan Arab Jamahiriya|Libyan
LI|Liechtenstein||
LT|Lithuania||Lithuanian
LU|Luxembourg||Luxembourgish
MO|Macau|Macao|Macanese
MG|Madagascar||Malagasy
MW|Malawi||Malawian
MY|Malaysia||Malaysian
MV|Maldives||Maldivian
ML|Mali||Malian
MT|Malta||Maltese
MR|Mauritania||Mauritanian
MU|Mauritius||Mauritian
MX|Mexico||Mexican
MD|Moldova|Moldova, Republic of;Republic of Moldova|Moldovan
MC|Monaco||Monegasque
MN|Mongolia||Mongolian
ME|Montenegro||Montenegrin
MA|Morocco||Moroccan
MZ|Mozambique||Mozambican
MM|Myanmar|Burma|Burmese
NA|Namibia||Namibian
NP|Nepal||Nepalese;Nepali
NL|Netherlands|The Netherlands;Holland|Dutch
NZ|New Zealand||New Zealander
NI|Nicaragua||Nicaraguan
NE|Niger||Nigerien
NG|Nigeria||Nigerian
MK|North Macedonia|Macedonia;Macedonia, The Former Yugoslav Republic of|Macedonian
NO|Norway||Norwegian
OM|Oman||Omani
PK|Pakistan||Pakistani
PS|Palestine|Palestine, State of;Palestinian Territory;Palestinian Territory, Occupied;Palestinian Territories;State of Palestine|Palestinian
PA|Panama||Panamanian
PG|Papua New Guinea||
PY|Paraguay||Paraguayan
PE|Peru||Peruvian
PH|Philippines|The Philippines|Philippine;Filipino
PL|Poland||Polish
PT|Portugal||Portuguese
PR|Puerto Rico||Puerto Rican
QA|Qatar||Qatari
RO|Romania||Romanian
RU|Russia|Russian Federation|Russian
RW|Rwanda||Rwandan
SA|Saudi Arabia|Kingdom of Saudi Arabia|Saudi;Saudi Arabian
SN|Senegal||Senegalese
RS|Serbia||Serbian
SC|Seychelles||
SL|Sierra Leone||Sierra Leonean
SG|Singapore||Singaporean
SK|Slovakia|Slovak Republic|Slovak
SI|Slovenia||Slovenian
SO|Somalia||Somali
ZA|South Africa||South African
SS|South Sudan||South Sudanese
ES|Spain||Spanish;Spaniard
LK|Sri Lanka||Sri Lankan
SD|Sudan||Sudanese
SE|Sweden||Swedish;Swede
CH|Switzerland||Swiss
SY|Syria|Syrian Arab Republic|Syrian
TW|Taiwan|Taiwan, Province of China;Republic of China|Taiwanese
TJ|Tajikistan||Tajik
TZ|Tanzania|Tanzania, United Republic of|Tanzanian
TH|Thailand||Thai
TL|Timor-Leste|East Timor|Timorese
TG|Togo||Togolese
TT|Trinidad and Tobago||Trinidadian
TN|Tunisia||Tunisian
TR|Turkey|Türkiye;Turkiye|Turkish;Turk
TM|Turkmenistan||Turkmen
UG|Uganda||Ugandan
UA|Ukraine||Ukrainian
AE|United Arab Emirates|UAE;U.A.E.|Emirati
GB|United Kingdom|UK;U.K.;Great Britain;Britain;United Kingdom of Great Britain and Northern Ireland;England;Scotland;Wales|British;Briton
US|United States|United States of America;USA;U.S.A.;US;U.S.|American
UY|Uruguay||Uruguayan
UZ|Uzbekistan||Uzbek
VE|Venezuela|Venezuela, Bolivarian Republic of;Venezuela (Bolivarian Republic of)|Venezuelan
VN|Vietnam|Viet Nam;Socialist Republic of Vietnam|Vietnamese
YE|Yemen||Yemeni
ZM|Zambia||Zambian
ZW|Zimbabwe||Zimbabwean
KM|Comoros||Comorian
CV|Cape Verde|Cabo Verde|Cape Verdean
GQ|Equatorial Guinea||
SZ|Eswatini|Swaziland|
LS|Lesotho||Basotho
GW|Guinea-Bissau||
ST|Sao Tome and Principe||
SM|San Marino||
SR|Suriname||Surinamese
WS|Samoa||Samoan
SB|Solomon Islands||
TO|Tonga||Tongan
VU|Vanuatu||
KI|Kiribati||
FM|Micronesia||
MH|Marshall Islands||
NR|Nauru||
PW|Palau||Palauan
TV|Tuvalu||
AG|Antigua and Barbuda||
DM|Dominica||
GD|Grenada||
KN|Saint Kitts and Nevis||
LC|Saint Lucia||
VC|Saint Vincent and the Grenadines||
BM|Bermuda||Bermudian
KY|Cayman Islands||
FO|Faroe Islands||Faroese
GL|Greenland||Greenlandic
EU|European Union|EU;EU (region);EU (institutions)|
`;
