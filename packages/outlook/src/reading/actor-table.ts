// The shipped gazetteer: groups and services by the names that articles use. Imported MISP and ATT&CK names join it.

/** country/sponsor | names by semicolon; the first is ours. Sponsor s: state, n: not. Compiled by us from public reports. */
export const ACTOR_LINES = `
KP/s|Lazarus Group;Lazarus;HIDDEN COBRA;Guardians of Peace;Whois Team;ZINC;Diamond Sleet;Labyrinth Chollima
KP/s|APT38;Bluenoroff;BlueNoroff;Stardust Chollima
KP/s|TraderTraitor;Jade Sleet
KP/s|Kimsuky;Velvet Chollima;Thallium;Emerald Sleet;APT43
KP/s|APT37;Reaper;ScarCruft;Ricochet Chollima;Red Eyes
KP/s|NewRomanic Cyber Army Team;New Romantic Cyber Army Team;Dark Seoul Gang;DarkSeoul Gang
KP/s|Andariel;Onyx Sleet;Silent Chollima
KP/s|Reconnaissance General Bureau;Bureau 121;Konni;Covellite;Hastati
CN/s|APT1;Comment Crew;PLA Unit 61398;Unit 61398;Byzantine Candor
CN/s|APT10;Stone Panda;menuPass;Red Apollo;Cloud Hopper
CN/s|APT40;Leviathan;TEMP.Periscope;Gingham Typhoon
CN/s|APT41;Winnti;Wicked Panda;Double Dragon;Barium
CN/s|APT3;Gothic Panda;Buckeye;UPS Team
CN/s|APT6;PKPLUG;Moafee;DragonOK
CN/s|APT12;Numbered Panda;IXESHE
CN/s|APT16;APT17;Deputy Dog;Axiom;Hidden Lynx;Aurora Panda
CN/s|APT18;Dynamite Panda;Wekby
CN/s|APT19;Deep Panda;Black Vine;Codoso
CN/s|APT27;Emissary Panda;Lucky Mouse;LuckyMouse;Iron Tiger
CN/s|APT30;Naikon;Override Panda;Lotus Blossom;Spring Dragon
CN/s|APT31;Zirconium;Judgment Panda
CN/s|Hafnium;Silk Typhoon;Volt Typhoon;Salt Typhoon;Flax Typhoon;Storm-0558
CN/s|Mustang Panda;RedDelta;Tonto Team;BlackTech;Tick;Bronze Butler;NetTraveler;IceFog;Icefog;Goblin Panda;Samurai Panda;Putter Panda
CN/s|Ghostnet;GhostNet;Elderwood;Night Dragon;Shady RAT;Titan Rain;Byzantine Foothold;Ministry of State Security;Guangdong State Security Department
CN/s|APT15;Ke3chang;Vixen Panda;Mirage;APT20;APT21;APT22;APT23;APT4;Sykipot;Taidoor;Luckycat;Lucky Cat;Hellsing;Suckfly;Scarlet Mimic;Pitty Tiger;PittyTiger;Danti;Thrip;Mofang;NanHaiShu
CN/s|People's Liberation Army;Peoples Liberation Army;Second Bureau;Third Department
CN/n|Honker Union;Red Hacker Alliance;China Eagle Union;1937cn
RU/s|APT28;Fancy Bear;Sofacy;Pawn Storm;Sednit;Strontium;Tsar Team;Forest Blizzard
RU/s|APT29;Cozy Bear;The Dukes;CozyDuke;Nobelium;Midnight Blizzard
RU/s|Sandworm;Voodoo Bear;BlackEnergy;TeleBots;Iridium;Seashell Blizzard;Electrum
RU/s|Turla;Snake;Uroburos;Venomous Bear;Waterbug
RU/s|Gamaredon;Primitive Bear;Armageddon;Dragonfly;Energetic Bear;Berserk Bear
RU/s|Main Intelligence Directorate;GRU;FSB;SVR
RU/s|Fancy Bears;Guccifer 2.0;Internet Research Agency;Federal Security Service;Temp.Veles;Xenotime;Ember Bear;Gossamer Bear;Callisto Group
RU/n|CyberBerkut;Killnet;KillNet;NoName057(16);XakNet;Nashi;Evil Corp
IR/s|APT33;Elfin;Refined Kitten;Peach Sandstorm
IR/s|APT34;OilRig;Helix Kitten;Crambus
IR/s|APT35;Charming Kitten;Phosphorus;Newscaster;Mint Sandstorm
IR/s|APT39;Chafer;Remix Kitten;Rampant Kitten;Fox Kitten;Pioneer Kitten;MuddyWater;Static Kitten
IR/s|Cutting Sword of Justice;Izz ad-Din al-Qassam Cyber Fighters;Iranian Cyber Army;Ashiyana;CyberAv3ngers;Rocket Kitten;Copy Kittens;CopyKittens
IR/s|Ajax Security Team;Flying Kitten;Parastoo;Tarh Andishan;Infy;Prince of Persia;Leafminer;Magic Hound;Cadelle;Cobalt Dickens;Mabna Institute;Silent Librarian;Domestic Kitten;Operation Cleaver
IR/s|Islamic Revolutionary Guard Corps;IRGC
US/s|Equation Group;NSA;National Security Agency;Tailored Access Operations;US Cyber Command;U.S. Cyber Command;CIA;Central Intelligence Agency
GB/s|GCHQ;Government Communications Headquarters
CA/s|CSEC;Communications Security Establishment
NL/s|AIVD
DE/s|Bundesnachrichtendienst
FR/s|DGSE
IL/s|Unit 8200;Predatory Sparrow;Gonjeshke Darande
IN/s|Patchwork;Dropping Elephant;SideWinder;Confucius;Hangover
IN/n|Indian Cyber Army;Mallu Cyber Soldiers;Hell Shield Hackers;Kerala Cyber Warriors;Team NUTS;Indian Black Hats;Indishell
PK/s|Inter-Services Intelligence;Mythic Leopard;ProjectM
PK/s|Transparent Tribe;APT36;Gorgon Group
PK/n|Pak Cyber Pirates;Pakistan Cyber Army;Pakistan Haxors Crew;Pak Cyber Attackers;Pakistani Cyber Army;PakCyberPyrates
VN/s|APT32;OceanLotus;Ocean Lotus
SY/s|Syrian Electronic Army;SEA
TR/n|RedHack;Ayyildiz Team;Turk Hack Team;TurkHackTeam;Aslan Neferler;Cyber-Warrior;Akincilar;Bozkurt Hackers;Janissaries
BD/n|Bangladesh Cyber Army;Bangladesh Black Hat Hackers;Bangladesh Grey Hat Hackers;Bangladesh Black HAT Hackers
PS/n|Gaza Hacker Team;Molerats;Gaza Cybergang;APT-C-23;Arid Viper;KDMS Team
LB/s|Dark Caracal;Volatile Cedar;Lebanese Cedar
SA/n|0xOmar;OxOmar;Nightmare group
AM/n|Monte Melkonian Cyber Army;Armenian Cyber Army;Liazor
AZ/n|Anti-Armenia Team;AntiArmenia;Anti-Armenia.ORG
UA/n|CyberBerkut
UA/n|IT Army of Ukraine;Ukrainian Cyber Alliance;FalconsFlame;Trinity;CyberHunta
TN/n|Fallaga Team;Fallaga;Tunisian Cyber Army
MA/n|Moroccan Agents of Equality;Moroccan Revolution Team;Moroccan Ghosts;Moroccan Hackers
PH/n|LulzSec Pilipinas;Anonymous Philippines;PrivateX;Blood Sec International
KR/s|Dark Hotel;DarkHotel;Darkhotel
AE/s|Stealth Falcon;Project Raven;FruityArmor
FR/s|Animal Farm;Snowglobe
BR/n|BMPoC;Brazil HackTeam
ES/s|Careto
`;
