"""Published results of the Migrant Integration Policy Index, edition 2015 (reference year 2014).

Points 0 to 100, rounded to whole points as printed on the countries' pages: http://2015.mipex.eu/latvia,
https://2015.mipex.eu/sweden, https://2015.mipex.eu/spain (read in 2026).
"""

AREAS = (
    "labour-market-mobility",
    "family-reunion",
    "education",
    "health",
    "political-participation",
    "permanent-residence",
    "access-to-nationality",
    "anti-discrimination",
)
PUBLISHED = {
    "Latvia": {"overall": 31, "areas": (46, 55, 17, 17, 13, 53, 17, 34)},
    "Sweden": {"overall": 78, "areas": (98, 78, 77, 62, 71, 79, 73, 85)},
    "Spain": {"overall": 60, "areas": (72, 90, 37, 53, 54, 74, 48, 49)},
}
