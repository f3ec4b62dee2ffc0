"""The Human Development Index of the United Nations Development Programme.

Goalposts: Human Development Report 2020, Technical notes, Technical note 1 (the table of 2015 below agrees
with the same figures in PPP$ of 2011): life expectancy 20 to 85 years, expected years of schooling 0 to 18,
mean years of schooling 0 to 15, and the natural logarithm of GNI per capita, 100 to 75,000 PPP$. The
education index is the arithmetic mean of its two indices, the index the geometric mean of the three
dimensions.

COUNTRIES: Human Development Report 2015, Table 1 (figures of 2014), the page
http://hdr.undp.org/en/composite/HDI as archived on 2016-05-15 (https://megalodon.jp/ref/2016-0515-0933-16/).
Years are printed with one decimal, so a result can be 0.0015 off. Australia, Denmark and Iceland lie above
the goalpost of expected schooling, Singapore and Liechtenstein above that of income.

EXAMPLE: the worked example of the Technical notes of 2020 (its income index and its last line).
"""

CODES = ("life-expectancy", "expected-schooling", "mean-schooling", "ln-gni")
LIFE_YEARS = (20.0, 85.0)
EXPECTED_SCHOOLING_YEARS = (0.0, 18.0)
MEAN_SCHOOLING_YEARS = (0.0, 15.0)
GNI_PPP_USD = (100.0, 75_000.0)

# life expectancy, expected and mean years of schooling, GNI per capita in PPP$ of 2011, index
COUNTRIES = {
    "Norway": (81.6, 17.5, 12.6, 64_992, 0.944),
    "Australia": (82.4, 20.2, 13.0, 42_261, 0.935),
    "Switzerland": (83.0, 15.8, 12.8, 56_431, 0.930),
    "Denmark": (80.2, 18.7, 12.7, 44_025, 0.923),
    "Germany": (80.9, 16.5, 13.1, 43_919, 0.916),
    "Singapore": (83.0, 15.4, 10.6, 76_628, 0.912),
    "Hong Kong": (84.0, 15.6, 11.2, 53_959, 0.910),
    "Liechtenstein": (80.0, 15.0, 11.8, 79_851, 0.908),
    "Iceland": (82.6, 19.0, 10.6, 35_182, 0.899),
    "Japan": (83.5, 15.3, 11.5, 36_927, 0.891),
}

EXAMPLE = {
    "gni_ppp_usd": 3_829,
    "income_index": 0.5506,
    "dimensions": (0.6971, 0.3447, 0.5506),
    "index": 0.510,
}
