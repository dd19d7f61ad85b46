"""The local authorities of England and Wales, by the Department for Education's three-digit codes.

Source: https://get-information-schools.service.gov.uk/Guidance/LaNameCodes (Get Information about Schools),
as the DfE carries it in its public lists: for England `data/las.csv` of the repository
dfe-analytical-services/dfe-published-data-qa (commit 1ed4f5eb), for Wales `data-raw/old_la_codes.csv` of
dfe-analytical-services/dfeR (commit 7aa8b6f1). Current after the reorganisation of April 2023. Scotland and
Northern Ireland review under other statutes and have no code here (practice notes 9).
"""

from rules.vocabulary import Frozen, Nation


class UnknownAuthority(ValueError):
    """A code that stands for no present authority of England or Wales, or for one of the other nation."""


class Authority(Frozen):
    """A local authority that looks after children.

    Attributes:
        code: three digits, as used on the 903 return.
        name: in English.
        nation: whose law its reviews follow.
    """

    code: str
    name: str
    nation: Nation


_ENGLAND = {
    # Inner London
    "201": "City of London", "202": "Camden", "203": "Greenwich", "204": "Hackney",
    "205": "Hammersmith and Fulham", "206": "Islington", "207": "Kensington and Chelsea",
    "208": "Lambeth", "209": "Lewisham", "210": "Southwark", "211": "Tower Hamlets", "212": "Wandsworth",
    "213": "Westminster",
    # Outer London
    "301": "Barking and Dagenham", "302": "Barnet", "303": "Bexley", "304": "Brent", "305": "Bromley",
    "306": "Croydon", "307": "Ealing", "308": "Enfield", "309": "Haringey", "310": "Harrow",
    "311": "Havering", "312": "Hillingdon", "313": "Hounslow", "314": "Kingston upon Thames",
    "315": "Merton", "316": "Newham", "317": "Redbridge", "318": "Richmond upon Thames", "319": "Sutton",
    "320": "Waltham Forest",
    # Metropolitan districts
    "330": "Birmingham", "331": "Coventry", "332": "Dudley", "333": "Sandwell", "334": "Solihull",
    "335": "Walsall", "336": "Wolverhampton", "340": "Knowsley", "341": "Liverpool", "342": "St Helens",
    "343": "Sefton", "344": "Wirral", "350": "Bolton", "351": "Bury", "352": "Manchester",
    "353": "Oldham", "354": "Rochdale", "355": "Salford", "356": "Stockport", "357": "Tameside",
    "358": "Trafford", "359": "Wigan", "370": "Barnsley", "371": "Doncaster", "372": "Rotherham",
    "373": "Sheffield", "380": "Bradford", "381": "Calderdale", "382": "Kirklees", "383": "Leeds",
    "384": "Wakefield", "390": "Gateshead", "391": "Newcastle upon Tyne", "392": "North Tyneside",
    "393": "South Tyneside", "394": "Sunderland",
    # Unitary authorities and counties
    "420": "Isles of Scilly", "800": "Bath and North East Somerset", "801": "Bristol",
    "802": "North Somerset", "803": "South Gloucestershire", "805": "Hartlepool", "806": "Middlesbrough",
    "807": "Redcar and Cleveland", "808": "Stockton-on-Tees", "810": "Kingston upon Hull",
    "811": "East Riding of Yorkshire", "812": "North East Lincolnshire", "813": "North Lincolnshire",
    "815": "North Yorkshire", "816": "York", "821": "Luton", "822": "Bedford",
    "823": "Central Bedfordshire", "825": "Buckinghamshire", "826": "Milton Keynes", "830": "Derbyshire",
    "831": "Derby", "838": "Dorset", "839": "Bournemouth, Christchurch and Poole", "840": "County Durham",
    "841": "Darlington", "845": "East Sussex", "846": "Brighton and Hove", "850": "Hampshire",
    "851": "Portsmouth", "852": "Southampton", "855": "Leicestershire", "856": "Leicester",
    "857": "Rutland", "860": "Staffordshire", "861": "Stoke-on-Trent", "865": "Wiltshire",
    "866": "Swindon", "867": "Bracknell Forest", "868": "Windsor and Maidenhead", "869": "West Berkshire",
    "870": "Reading", "871": "Slough", "872": "Wokingham", "873": "Cambridgeshire", "874": "Peterborough",
    "876": "Halton", "877": "Warrington", "878": "Devon", "879": "Plymouth", "880": "Torbay",
    "881": "Essex", "882": "Southend-on-Sea", "883": "Thurrock", "884": "Herefordshire",
    "885": "Worcestershire", "886": "Kent", "887": "Medway", "888": "Lancashire",
    "889": "Blackburn with Darwen", "890": "Blackpool", "891": "Nottinghamshire", "892": "Nottingham",
    "893": "Shropshire", "894": "Telford and Wrekin", "895": "Cheshire East",
    "896": "Cheshire West and Chester", "908": "Cornwall", "916": "Gloucestershire",
    "919": "Hertfordshire", "921": "Isle of Wight", "925": "Lincolnshire", "926": "Norfolk",
    "929": "Northumberland", "931": "Oxfordshire", "933": "Somerset", "935": "Suffolk", "936": "Surrey",
    "937": "Warwickshire", "938": "West Sussex", "940": "North Northamptonshire",
    "941": "West Northamptonshire", "942": "Cumberland", "943": "Westmorland and Furness",
}  # fmt: skip

_WALES = {
    "660": "Isle of Anglesey", "661": "Gwynedd", "662": "Conwy", "663": "Denbighshire",
    "664": "Flintshire", "665": "Wrexham", "666": "Powys", "667": "Ceredigion", "668": "Pembrokeshire",
    "669": "Carmarthenshire", "670": "Swansea", "671": "Neath Port Talbot", "672": "Bridgend",
    "673": "Vale of Glamorgan", "674": "Rhondda Cynon Taf", "675": "Merthyr Tydfil", "676": "Caerphilly",
    "677": "Blaenau Gwent", "678": "Torfaen", "679": "Monmouthshire", "680": "Newport", "681": "Cardiff",
}  # fmt: skip

_ABOLISHED = {
    "820": ("Bedfordshire", 2009, ("822", "823")),
    "835": ("Dorset County Council", 2019, ("838", "839")),
    "836": ("Poole", 2019, ("839",)),
    "837": ("Bournemouth", 2019, ("839",)),
    "875": ("Cheshire", 2009, ("895", "896")),
    "909": ("Cumbria", 2023, ("942", "943")),
    "928": ("Northamptonshire", 2021, ("940", "941")),
}
"""Codes a case system may still send: the name, the April it ended, and the codes that took its place."""

AUTHORITIES: dict[str, Authority] = {
    code: Authority(code=code, name=name, nation=nation)
    for nation, names in ((Nation.ENGLAND, _ENGLAND), (Nation.WALES, _WALES))
    for code, name in names.items()
}
"""Every present authority by its code."""


def authority(code: str, nation: Nation | None = None) -> Authority:
    """The authority a code stands for.

    Args:
        code: three digits, as "383".
        nation: where the caller takes it to be, when that is to be checked.

    Raises:
        UnknownAuthority: no present authority of England or Wales has the code, or it is in the other nation.
    """
    found = AUTHORITIES.get(code)
    if found is None:
        raise UnknownAuthority(_why_unknown(code))
    if nation is not None and found.nation is not nation:
        raise UnknownAuthority(
            f"Authority {code} is {found.name}, in {found.nation.value.title()}, not in {nation.value.title()}."
        )
    return found


def _why_unknown(code: str) -> str:
    """One plain sentence on a code that is refused; what was typed is shown only if it looks like a code."""
    if code in _ABOLISHED:
        name, year, successors = _ABOLISHED[code]
        instead = " or ".join(f"{new} ({AUTHORITIES[new].name})" for new in successors)
        return f"Authority {code} was {name}, which ended in April {year}; use {instead}."
    if len(code) == 3 and code.isascii() and code.isdigit():
        return f"No local authority of England or Wales has the code {code}."
    return "An authority is named by its three-digit DfE code, such as 383 for Leeds."
