"""Where residents take part: outside the site's own languages, since theirs are more."""

from django.urls import path

from tessera.apps.dialogue.views import (
    about_me,
    arriving,
    decisions,
    own_code,
    own_words,
    panel_member,
    picture,
    voting,
)

app_name = "take_part"
urlpatterns = [
    path("<slug:slug>/", arriving.choose_language, name="choose-language"),
    path("<slug:slug>/link/<str:token>/", arriving.use_own_link, name="own-link"),
    path("<slug:slug>/try/<str:token>/", arriving.try_out, name="trial-link"),
    path("<slug:slug>/panel/<str:token>/", panel_member.arrive, name="panel-link"),
    path("<slug:slug>/panel/<str:token>/<str:language>/", panel_member.answer, name="panel"),
    path("<slug:slug>/<str:language>/", arriving.begin, name="begin"),
    path("<slug:slug>/<str:language>/statement/", voting.show_statement, name="statement"),
    path("<slug:slug>/<str:language>/vote/", voting.vote, name="vote"),
    path("<slug:slug>/<str:language>/next/", voting.next_statements, name="next"),
    path("<slug:slug>/<str:language>/say/", own_words.say_something, name="say"),
    path("<slug:slug>/<str:language>/similar/", own_words.similar, name="similar"),
    path("<slug:slug>/<str:language>/report/<int:pk>/", voting.report, name="report"),
    path("<slug:slug>/<str:language>/answers/", voting.show_answers, name="answers"),
    path("<slug:slug>/<str:language>/picture/", picture.show_picture, name="picture"),
    path("<slug:slug>/<str:language>/appeal/<int:pk>/", own_words.appeal, name="appeal"),
    path("<slug:slug>/<str:language>/decisions/", decisions.show_decisions, name="decisions"),
    path("<slug:slug>/<str:language>/decisions.csv", decisions.give_decisions, name="decisions-file"),
    path("<slug:slug>/<str:language>/about-me/", about_me.about_me, name="about-me"),
    path("<slug:slug>/<str:language>/code/", own_code.show_code, name="code"),
    path("<slug:slug>/<str:language>/finish/", own_code.finish, name="finish"),
    path("<slug:slug>/<str:language>/withdraw/", own_code.withdraw, name="withdraw"),
    path("<slug:slug>/<str:language>/anew/", arriving.start_anew, name="anew"),
    path("<slug:slug>/<str:language>/help/", arriving.show_help, name="help"),
]
