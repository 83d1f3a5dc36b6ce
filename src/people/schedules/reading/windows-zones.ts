/** Names of time zones as Windows writes them into calendars, and the place each stands for (Unicode CLDR, territory 001). */
const NAMES = `Dateline Standard Time=Etc/GMT+12|Hawaiian Standard Time=Pacific/Honolulu|Aleutian Standard Time=America/Adak
Marquesas Standard Time=Pacific/Marquesas|Alaskan Standard Time=America/Anchorage|Pacific Standard Time=America/Los_Angeles
Pacific Standard Time (Mexico)=America/Tijuana|US Mountain Standard Time=America/Phoenix|Mountain Standard Time=America/Denver
Mountain Standard Time (Mexico)=America/Mazatlan|Yukon Standard Time=America/Whitehorse|Central Standard Time=America/Chicago
Central Standard Time (Mexico)=America/Mexico_City|Central America Standard Time=America/Guatemala
Canada Central Standard Time=America/Regina|Easter Island Standard Time=Pacific/Easter|SA Pacific Standard Time=America/Bogota
Eastern Standard Time=America/New_York|Eastern Standard Time (Mexico)=America/Cancun|US Eastern Standard Time=America/Indianapolis
Haiti Standard Time=America/Port-au-Prince|Cuba Standard Time=America/Havana|Turks And Caicos Standard Time=America/Grand_Turk
Atlantic Standard Time=America/Halifax|Venezuela Standard Time=America/Caracas|SA Western Standard Time=America/La_Paz
Central Brazilian Standard Time=America/Cuiaba|Pacific SA Standard Time=America/Santiago|Paraguay Standard Time=America/Asuncion
Newfoundland Standard Time=America/St_Johns|Tocantins Standard Time=America/Araguaina|E. South America Standard Time=America/Sao_Paulo
SA Eastern Standard Time=America/Cayenne|Argentina Standard Time=America/Buenos_Aires|Montevideo Standard Time=America/Montevideo
Greenland Standard Time=America/Godthab|Magallanes Standard Time=America/Punta_Arenas|Bahia Standard Time=America/Bahia
Saint Pierre Standard Time=America/Miquelon|Azores Standard Time=Atlantic/Azores|Cape Verde Standard Time=Atlantic/Cape_Verde
UTC=UTC|Coordinated Universal Time=UTC|GMT Standard Time=Europe/London|Greenwich Standard Time=Atlantic/Reykjavik
Sao Tome Standard Time=Africa/Sao_Tome|Morocco Standard Time=Africa/Casablanca|W. Europe Standard Time=Europe/Berlin
Central Europe Standard Time=Europe/Budapest|Romance Standard Time=Europe/Paris|Central European Standard Time=Europe/Warsaw
W. Central Africa Standard Time=Africa/Lagos|Namibia Standard Time=Africa/Windhoek|Jordan Standard Time=Asia/Amman
GTB Standard Time=Europe/Bucharest|Middle East Standard Time=Asia/Beirut|Egypt Standard Time=Africa/Cairo
E. Europe Standard Time=Europe/Chisinau|Syria Standard Time=Asia/Damascus|West Bank Standard Time=Asia/Hebron
South Africa Standard Time=Africa/Johannesburg|FLE Standard Time=Europe/Kiev|Israel Standard Time=Asia/Jerusalem
South Sudan Standard Time=Africa/Juba|Kaliningrad Standard Time=Europe/Kaliningrad|Sudan Standard Time=Africa/Khartoum
Libya Standard Time=Africa/Tripoli|Arabic Standard Time=Asia/Baghdad|Turkey Standard Time=Europe/Istanbul
Arab Standard Time=Asia/Riyadh|Belarus Standard Time=Europe/Minsk|Russian Standard Time=Europe/Moscow
E. Africa Standard Time=Africa/Nairobi|Iran Standard Time=Asia/Tehran|Arabian Standard Time=Asia/Dubai
Astrakhan Standard Time=Europe/Astrakhan|Azerbaijan Standard Time=Asia/Baku|Russia Time Zone 3=Europe/Samara
Mauritius Standard Time=Indian/Mauritius|Saratov Standard Time=Europe/Saratov|Georgian Standard Time=Asia/Tbilisi
Volgograd Standard Time=Europe/Volgograd|Caucasus Standard Time=Asia/Yerevan|Afghanistan Standard Time=Asia/Kabul
West Asia Standard Time=Asia/Tashkent|Ekaterinburg Standard Time=Asia/Yekaterinburg|Pakistan Standard Time=Asia/Karachi
Qyzylorda Standard Time=Asia/Qyzylorda|India Standard Time=Asia/Kolkata|Sri Lanka Standard Time=Asia/Colombo
Nepal Standard Time=Asia/Katmandu|Central Asia Standard Time=Asia/Almaty|Bangladesh Standard Time=Asia/Dhaka
Omsk Standard Time=Asia/Omsk|Myanmar Standard Time=Asia/Rangoon|SE Asia Standard Time=Asia/Bangkok
Altai Standard Time=Asia/Barnaul|W. Mongolia Standard Time=Asia/Hovd|North Asia Standard Time=Asia/Krasnoyarsk
N. Central Asia Standard Time=Asia/Novosibirsk|Tomsk Standard Time=Asia/Tomsk|China Standard Time=Asia/Shanghai
North Asia East Standard Time=Asia/Irkutsk|Singapore Standard Time=Asia/Singapore|W. Australia Standard Time=Australia/Perth
Taipei Standard Time=Asia/Taipei|Ulaanbaatar Standard Time=Asia/Ulaanbaatar|Aus Central W. Standard Time=Australia/Eucla
Transbaikal Standard Time=Asia/Chita|Tokyo Standard Time=Asia/Tokyo|North Korea Standard Time=Asia/Pyongyang
Korea Standard Time=Asia/Seoul|Yakutsk Standard Time=Asia/Yakutsk|Cen. Australia Standard Time=Australia/Adelaide
AUS Central Standard Time=Australia/Darwin|E. Australia Standard Time=Australia/Brisbane
AUS Eastern Standard Time=Australia/Sydney|West Pacific Standard Time=Pacific/Port_Moresby|Tasmania Standard Time=Australia/Hobart
Vladivostok Standard Time=Asia/Vladivostok|Lord Howe Standard Time=Australia/Lord_Howe|Bougainville Standard Time=Pacific/Bougainville
Russia Time Zone 10=Asia/Srednekolymsk|Magadan Standard Time=Asia/Magadan|Norfolk Standard Time=Pacific/Norfolk
Sakhalin Standard Time=Asia/Sakhalin|Central Pacific Standard Time=Pacific/Guadalcanal|Russia Time Zone 11=Asia/Kamchatka
New Zealand Standard Time=Pacific/Auckland|Fiji Standard Time=Pacific/Fiji|Chatham Islands Standard Time=Pacific/Chatham
Tonga Standard Time=Pacific/Tongatapu|Samoa Standard Time=Pacific/Apia|Line Islands Standard Time=Pacific/Kiritimati`;

const places = new Map(
  NAMES.split(/[|\n]/).map((entry) => {
    const [name = '', place = ''] = entry.split('=');
    return [name.toLowerCase(), place] as const;
  }),
);

/** `W. Europe Standard Time` -> `Europe/Berlin`; undefined for a name Windows does not have. */
export const placeOfWindowsZone = (name: string): string | undefined => places.get(name.trim().toLowerCase());
