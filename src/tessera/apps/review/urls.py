from django.urls import include, path

from tessera.apps.review.views import (
    board,
    cycles,
    delegation,
    drafts,
    evidence,
    experts,
    filling,
    findings,
    public,
    queries,
    sheets,
    submission,
    validation,
)

app_name = "review"
PUBLISHED = [
    path("", public.show_review, name="review"),
    path("report.pdf", public.download_report, name="report"),
    path("answers.xlsx", public.download_sheet, name="sheet"),
    path("profile.json", public.download_profile, name="profile"),
    path("findings.json", public.download_findings, name="findings-file"),
]
CYCLES = [
    path("", cycles.show_cycles, name="cycles"),
    path("new/", cycles.open_cycle, name="open-cycle"),
    path("<int:cycle>/", cycles.show_cycle, name="cycle"),
    path("<int:cycle>/cities/", cycles.add_cities, name="add-cities"),
    path("<int:cycle>/remind/", cycles.remind_late, name="remind-late"),
    path("reviews/<int:review>/experts/", experts.find_experts, name="experts"),
    path("reviews/<int:review>/due/", cycles.extend_review, name="extend-review"),
    path("reviews/<int:review>/take-out/", cycles.take_out, name="take-out"),
]
FILLING = [
    path("", filling.show_tasks, name="tasks"),
    path("areas/<slug:area>/", filling.show_area, name="area-to-fill"),
    path("areas/<slug:area>/complete/", filling.complete_area, name="complete-area"),
    path("areas/<slug:area>/reopen/", filling.reopen_area, name="reopen-area"),
    path("areas/<slug:area>/present/", filling.show_presence, name="presence"),
    path("areas/<slug:area>/give/", delegation.give_area, name="give-area"),
    path("areas/<slug:area>/questions/<slug:question>/", filling.answer_question, name="question"),
    path(
        "areas/<slug:area>/questions/<slug:question>/evidence/new/",
        evidence.add_evidence,
        name="add-evidence",
    ),
    path(
        "areas/<slug:area>/questions/<slug:question>/evidence/<int:evidence>/",
        evidence.change_evidence,
        name="change-evidence",
    ),
    path(
        "areas/<slug:area>/questions/<slug:question>/evidence/<int:evidence>/drop/",
        evidence.drop_evidence,
        name="drop-evidence",
    ),
    path("evidence/<int:evidence>/file/", evidence.download_evidence, name="evidence-file"),
    path("check/", submission.check_answers, name="check-answers"),
    path("sign/", submission.sign, name="sign"),
    path("receipt/", submission.show_receipt, name="receipt"),
    path("take-back/", submission.withdraw_submission, name="withdraw-submission"),
]
SHEETS = [
    path("", sheets.show_sheets, name="sheets"),
    path("answers.xlsx", sheets.download_answers, name="download-answers"),
    path("empty.xlsx", sheets.download_empty_sheet, name="download-empty-sheet"),
    path("form.xlsx", sheets.download_form, name="download-form"),
    path("<int:upload>/", sheets.take_over, name="take-over-sheet"),
]
CHECKING = [
    path("board/", board.show_board, name="board"),
    path("board/areas/<slug:area>/verify/", board.verify_area, name="verify-area"),
    path("board/areas/<slug:area>/unverify/", board.unverify_area, name="unverify-area"),
    path("board/questions/<slug:question>/", board.judge_answer, name="judge"),
    path("board/questions/<slug:question>/open/", board.open_answer, name="open-answer"),
    path("findings/", findings.show_findings, name="findings"),
    path("findings/new/", findings.write_finding, name="new-finding"),
    path("findings/<int:finding>/", findings.write_finding, name="finding"),
    path("findings/<int:finding>/drop/", findings.drop_finding, name="drop-finding"),
    path("findings/<int:finding>/move/", findings.move_finding, name="move-finding"),
    path("draft/", drafts.show_page, name="draft"),
    path("draft/show/", drafts.show_to_city, name="show-draft"),
    path("draft/reply/", drafts.reply, name="reply-to-draft"),
    path("queries/", queries.show_queries, name="queries"),
    path("return/", queries.return_review, name="return-review"),
    path("send-back/", queries.send_back, name="send-back"),
    path("validate/", validation.validate_review, name="validate"),
    path("publish/", validation.publish_review, name="publish"),
    path("publish/preview/", validation.preview_publication, name="publish-preview"),
]
EXPERTS = [
    path("<int:appointment>/", experts.answer_appointment, name="appointment"),
    path("<int:appointment>/release/", experts.release_expert, name="release-expert"),
]
QUERIES = [
    path("", queries.show_inbox, name="inbox"),
    path("<int:query>/", queries.show_query, name="query"),
    path("<int:query>/settle/", queries.settle_query, name="settle-query"),
]
ASSIGNMENTS = [
    path("<int:assignment>/send-again/", delegation.send_link_again, name="send-link-again"),
    path("<int:assignment>/take-back/", delegation.withdraw_assignment, name="withdraw-assignment"),
]
LINKS = [
    path("leave/", delegation.leave_link, name="leave-link"),
    path("<str:token>/", delegation.use_link, name="use-link"),
    # Or the log would name the link among the addresses that are not there.
    path("<path:token>", delegation.use_link, name="use-copied-link"),
]
urlpatterns = [
    path("cities/<slug:city>/reviews/<slug:framework>/<int:year>/", include(PUBLISHED)),
    path("areas/<slug:framework>/<int:year>/<slug:area>/", public.show_area, name="area"),
    path("questionnaires/", public.show_questionnaires, name="questionnaires"),
    path("questionnaires/<slug:framework>/<int:version>/", public.show_questionnaire, name="questionnaire"),
    path("desk/cycles/", include(CYCLES)),
    path("desk/reviews/<int:review>/", include(FILLING)),
    path("desk/reviews/<int:review>/sheets/", include(SHEETS)),
    path("desk/reviews/<int:review>/", include(CHECKING)),
    path("desk/appointments/", include(EXPERTS)),
    path("desk/queries/", include(QUERIES)),
    path("desk/phrases/", board.edit_phrases, name="phrases"),
    path("desk/assignments/", include(ASSIGNMENTS)),
    path("desk/links/", include(LINKS)),
]
