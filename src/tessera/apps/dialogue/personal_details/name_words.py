"""Words that tell names of people from other words with capital letters. All in small letters."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words(
    # en, de, sv
    "mr mrs ms mister mx prof professor dr herr herrn frau fru fröken "
    # es, it, ro; *ra* and *ssa* are what stands behind the full stop of sig.ra and dott.ssa
    "señor señora señorita sr sra srta don doña signor signora signorina sig dott ra ssa "
    ""
    "domnul domnului doamna doamnei dl d-l d-na d-nul "
    # pl
    "pan pana panu panem pani panią "
    # uk
    "пан пана пану панові паном пані панна панну панни "
    # lv: there they also come behind, see below
    "kungs kundze "
)
"""Before a name."""

TITLES_BEHIND = _words(
    "kungs kunga kungam kungu kundze kundzes kundzei kundzi jaunkundze jaunkundzes jaunkundzei "
)
"""Behind a name, in Latvian."""

ARABIC_TITLES = frozenset(
    title
    for word in _words("سيد سيدة أستاذ استاذ أستاذة استاذة دكتور دكتورة آنسة انسة مهندس مهندسة شيخ")
    for title in (f"ال{word}", f"وال{word}", f"بال{word}", f"لل{word}")
)

ARABIC_NO_NAMES = _words(
    "الرئيس رئيس رئيسة الوزير الوزيرة العمدة المدير المديرة المحترم المحترمة الذي التي في من على هو هي "
    "قال قالت الأولى و أو كان كانت لا لم "
)

WOMAN_IN_GENERAL = _words("als eine einer jede jeder keine meine seine diese dieser junge alte")
"""Before the German *Frau*: a woman, and no title."""

NO_NAMES_BEFORE_KUNGS = _words(
    "kāds kāda viens viena šis šī tas tā vecs veca jauns jauna cits cita mans mana labs laba "
    "cienījamais cienījamā godātais godātā cienītais cienītā ļoti augsti dāmas un mīļā mīļais "
)

OFFICES = _words(
    "mayor president minister director councillor doctor chancellor chief prime bürgermeister "
    "bürgermeisterin präsident präsidentin ministerin direktor direktorin doktor kanzler mēra mērs mēre "
    "priekšsēdētāja priekšsēdētājs prezidenta prezidents prezidente ministra ministrs direktora "
    "direktore direktors skolotāja skolotājs ārsta ārsts deputāta deputāts prezydent prezydenta "
    "prezydencie burmistrz dyrektor premier redaktor profesor mecenas alcalde alcaldesa presidente "
    "presidenta ministro directora sindaco sindaca direttore direttrice dottore dottoressa assessore "
    "primar primarul primarule președinte ministru ministrul directorul borgmästare statsminister "
    "rektor мер міський президент президенте міністр директор директорка лікар голова "
)
"""What somebody is, also behind a title: it parts a name from what stands before."""

NO_NAMES = _words(
    # directions, ages, sizes; saints of places
    "new old north south east west northern southern eastern western central upper lower great greater "
    "big san santa santo saint st los las el la sri costa jaunā vecā jaunais vecais lielā mazā nowa "
    "nowy stara stary nueva nuevo vieja viejo nuova nuovo vecchia vecchio nya gamla nový нова новий "
    "стара старий "
    # peoples, languages, countries, faiths
    "latvian latvia latvians russian russians russia ukrainian ukrainians ukraine english england "
    "british britain german germany germans polish poland poles romanian romania italian italy spanish "
    "spain swedish sweden syria syrian syrians afghan afghanistan arabic arab arabs european europe "
    "europeans eu african africa africans asian asia american america americans indian india turkish "
    "turkey roma muslim muslims christian christians jewish islam islamic catholic orthodox baltic "
    "nordic united states kingdom "
    # the calendar
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays "
    "fridays saturdays sundays january february march april may june july august september october "
    "november december christmas easter ramadan eid new year "
)
"""With a capital letter and no part of a person's name: it parts a name from what stands before or behind."""

THINGS = _words(
    # en
    "city town street road square park garden gardens bridge station airport market hall house home "
    "centre center council court office school university college institute academy library museum "
    "theatre church hospital clinic bank party union nations ministry department service services "
    "agency association foundation cross crescent army force police committee commission parliament act "
    "law bill code ordinance programme program project pact plan strategy fund award day week month "
    "year festival cup league games river lake sea bay island islands mountain mountains valley county "
    "district region republic empire company corporation group shop store mall hotel maps marketplace "
    "news times post radio tv card pass line tram metro board team club society network world war "
    "community avenue lane drive place quarter village hill hills beach green fair ave rd blvd bypass "
    "campus system state states government authority rights level test exam co ln pk rds way parkway "
    "springs elementary course division education learning training development enforcement assembly "
    "survey form permit permits passport policy statement statements workforce ages lights fiber "
    # lv
    "dome domes domē iela ielas ielā ielu parks parka parkā tirgus tirgū skola skolas skolā vidusskola "
    "vidusskolas vidusskolā bulvāris bulvāra bulvārī laukums laukuma laukumā prospekts prospekta "
    "prospektā gatve gatves gatvē ministrija slimnīca slimnīcā bibliotēka centrs centra centrā tilts "
    "tilta pils savienība krusts krusta muzejs teātris teātra biedrība fonds fonda akadēmija "
    # pl
    "ul ulica ulicy ulicę al aleja alei plac placu pl rondo os osiedle im imienia dom domu urząd urzędu "
    "urzędzie rada rady miasto miasta mieście krzyż krzyża szkoła szkoły szkole szkół park parku most "
    "ministerstwo szpital fundacja stowarzyszenie uniwersytet biblioteka centrum kultury unia praw "
    # es, it
    "calle avenida plaza paseo barrio ayuntamiento cruz roja colegio instituto hospital universidad "
    "ministerio centro salud via viale corso piazza croce rossa comune scuola ospedale università "
    "ministero quartiere "
    # ro
    "str strada bulevardul piața primăria crucea roșie școala liceul spitalul universitatea parcul "
    "uniunea "
    # sv
    "gatan torget kommun röda korset skolan sjukhuset stadshuset "
    # uk
    "вул вулиця вулиці вулицю просп проспект площа площі парк парку школа школи школі міська рада ради "
    "червоний хрест хреста університет лікарня ліцей імені ім центр союз союзу "
)
"""What is built, founded or held. A run of capital letters with one of them, or beside one, is its name."""

SMALL_WORDS = _words(
    "the a an of for and to our we more need in on at with my your is are be not all no yes it this "
    "that from by or if they you he she do does should must can stop let bring give make please what "
    "why how when where who un par ar uz kas ka i w z na nie że y de en el los las una es e di il che "
    "per si și din la cu ca och att det і та в на не що з для за "
)
"""Written with a capital letter in a headline only."""

SURNAME_ENDINGS = tuple(
    _words(
        # lv
        "iņš iņa ņš ietis iete ītis īte āns āne sons sone bergs berga ovs evs ovska ovskis skis "
        # pl
        "wski wska cki cka dzki dzka wicz czyk czak czuk "
        # ro, it, es
        "escu eanu ățeanu elli etti ucci ardi ández éndez ínguez íguez ález érez ópez árez "
        # sv, en, de
        "sson ström qvist lund gren mann meier "
        # uk and its neighbours, in both scripts
        "енко ченко чук щук ський ська цький цька дзе швілі ян enko chuk shvili skyi ska ov ova ev eva dze "
    )
)
"""Ends of family names that hardly any other word with a capital letter has."""

GIVEN_NAMES = _words(
    "anna maria marie jan peter john david michael james thomas robert sarah emma laura julia elena eva "
    "martin daniel alexander ahmed ahmad mohammed mohamed muhammad mohammad ali omar hassan hussein "
    "mustafa ibrahim yusuf fatima aisha amina mariam layla nour olena oksana iryna natalia nataliia "
    "tetiana svitlana olga andrii oleksandr serhii volodymyr ivan dmytro jānis ilze andris pēteris "
    "anita inga kristīne mārtiņš juris aivars valdis līga dace piotr krzysztof andrzej tomasz paweł "
    "agnieszka katarzyna małgorzata ewa magdalena carmen josé juan antonio francisco manuel ana lucía "
    "marta giuseppe giovanni francesco paolo giulia chiara sofia ion mihai andrei ioana cristina "
    "alexandru lars erik karin kristina johan anders анна марія олена оксана ірина наталія тетяна "
    "світлана ольга андрій олександр сергій володимир іван дмитро юлія катерина михайло "
)
"""Some of the commonest ones: at the start of a sentence, where the capital letter itself says nothing."""
