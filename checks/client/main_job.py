"""The main job, written as an integration writes it against the client that is generated from the document: checked by
mypy in its strict mode, and run against the demonstration."""

import os
from typing import TypeVar
from uuid import UUID

from agreements_client import AuthenticatedClient, Client
from agreements_client.api.agreements import (
    confirm_commitment,
    get_agreement,
    get_draft,
    get_section,
    put_draft,
    update_section,
)
from agreements_client.api.me import list_my_tasks
from agreements_client.api.organisation import list_org_units
from agreements_client.api.sessions import create_session
from agreements_client.api.strategy import get_template_schema
from agreements_client.api.workflow import approve_section, return_section, sign_agreement, submit_agreement
from agreements_client.models import (
    ActionName,
    Agreement,
    AgreementState,
    Draft,
    DraftCommitmentInput,
    DraftGoalInput,
    DraftSectionInput,
    DryRun,
    EventKind,
    FieldValues,
    NewApproval,
    NewConfirmation,
    NewDraft,
    NewReturn,
    NewSession,
    NewSignature,
    PartnerInput,
    Problem,
    ProblemCode,
    Section,
    SectionPatch,
    TaskKind,
)

BASE = os.environ.get("API", "http://127.0.0.1:8080")
PASSWORD = os.environ["AFTALESTYRING_DEMO_PASSWORD"]
REASON = "Skriv, hvem der følger op."

T = TypeVar("T")


def given(answer: T | Problem | None) -> T:
    if answer is None or isinstance(answer, Problem):
        raise RuntimeError(f"refused: {answer}")
    return answer


def read(kind: type[T], answer: object) -> T:
    """What a resource reads as; a GET may also be answered without a body, to whoever has it already."""
    if not isinstance(answer, kind):
        raise RuntimeError(f"refused: {answer}")
    return answer


def check(holds: bool, what: str) -> None:
    if not holds:
        raise RuntimeError(f"not so: {what}")


def log_in(name: str) -> AuthenticatedClient:
    body = NewSession(email=f"{name}@demo.example", password=PASSWORD)
    session = given(create_session.sync(client=Client(base_url=BASE), body=body))
    return AuthenticatedClient(base_url=BASE, token=session.access_token)


def agreement_of(client: AuthenticatedClient, agreement: UUID) -> Agreement:
    return read(Agreement, get_agreement.sync(agreement, client=client))


def section_of(client: AuthenticatedClient, agreement: UUID, key: str) -> Section:
    return read(Section, get_section.sync(agreement, key, client=client))


def submit(client: AuthenticatedClient, agreement: UUID) -> Agreement:
    etag = agreement_of(client, agreement).etag
    return given(submit_agreement.sync(agreement, client=client, if_match=etag))


def approve(client: AuthenticatedClient, agreement: UUID, key: str) -> Section:
    etag = section_of(client, agreement, key).etag
    return given(approve_section.sync(agreement, key, client=client, if_match=etag, body=NewApproval()))


def values(plan: str) -> FieldValues:
    return FieldValues.from_dict({"plan": plan})


def write(chief: AuthenticatedClient, agreement: UUID) -> None:
    partner = given(list_org_units.sync(client=chief, q="Arbejdsmarkedscentret")).items[0]
    draft = read(Draft, get_draft.sync(agreement, client=chief))
    versions = {section.key: section.version for section in draft.sections}
    commitment = DraftCommitmentInput(
        title="Fra botilbud til job",
        promise="Vi finder de unge, der er klar.",
        expected_gain="Den unge møder én samlet indgang.",
        partners=[PartnerInput(org_unit_id=partner.id, promise="Vi finder praktikpladserne.")],
    )
    goal = DraftGoalInput(title="Flere borgere klarer hverdagen selv", assessment="Teamlederne vurderer det.")
    sections = [
        DraftSectionInput(
            key="effects", version=versions["effects"], content=values("Vi følger borgerne."), goals=[goal]
        ),
        DraftSectionInput(
            key="cross-cutting",
            version=versions["cross-cutting"],
            content=values("Vi samarbejder."),
            commitments=[commitment],
        ),
    ]
    saved = given(put_draft.sync(agreement, client=chief, body=NewDraft(sections=sections)))
    effects = next(section for section in saved.sections if section.key == "effects")
    check(effects.content["plan"] == "Vi følger borgerne.", "what was written is read again")
    check(effects.goals[0].indicators == [], "a goal always has its indicators")


def confirm() -> None:
    partner = log_in("centerchef.arbejdsmarked")
    tasks = given(list_my_tasks.sync(client=partner)).items
    task = next(task for task in tasks if task.kind == TaskKind.CONFIRM_COMMITMENT)
    commitment = UUID(task.href.rsplit("/", 1)[1])
    confirmation = NewConfirmation()
    answer = confirm_commitment.sync(commitment, client=partner, if_match=task.etag, body=confirmation)
    check(given(answer).state == "confirmed", "the commitment is confirmed")


def rehearse(chief: AuthenticatedClient, agreement: UUID) -> DryRun:
    """What a dry run answers is of a media type of its own, so its caller reads it as what it is."""
    request = submit_agreement._get_kwargs(agreement, dry_run=True, if_match=agreement_of(chief, agreement).etag)
    return DryRun.from_dict(chief.get_httpx_client().request(**request).raise_for_status().json())


def main() -> None:
    chief = log_in("centerchef.social")
    agreement = given(list_my_tasks.sync(client=chief)).items[0].agreement_id
    write(chief, agreement)
    confirm()

    ready = agreement_of(chief, agreement)
    offered = [one for one in ready.available_actions if one.action == ActionName.SUBMIT]
    check(offered[0].allowed, "it can be submitted")
    outcome = rehearse(chief, agreement)
    kinds = [change.kind for change in outcome.changes]
    check(outcome.would_succeed and EventKind.SECTION_SUBMITTED in kinds, "it would succeed")
    given(get_template_schema.sync(ready.template.id, client=chief))

    check(submit(chief, agreement).state == AgreementState.IN_REVIEW, "it is submitted")
    director = log_in("direktoer.social")
    etag = section_of(director, agreement, "effects").etag
    body = NewReturn(reason=REASON)
    returned = given(return_section.sync(agreement, "effects", client=director, if_match=etag, body=body))
    check(returned.state == "returned", "it is returned")

    effects = section_of(chief, agreement, "effects")
    check(effects.last_decision is not None and effects.last_decision.reason == REASON, "the chief reads why")
    patch = SectionPatch(content=values("Teamlederne følger op hvert kvartal."))
    given(update_section.sync(agreement, "effects", client=chief, if_match=effects.etag, body=patch))
    submit(chief, agreement)
    approve(director, agreement, "effects")
    approve(log_in("direktoer.boern"), agreement, "cross-cutting")
    for signer in (log_in("kommunaldirektoer"), chief):
        etag = agreement_of(signer, agreement).etag
        given(sign_agreement.sync(agreement, client=signer, if_match=etag, body=NewSignature()))
    signed = agreement_of(chief, agreement)
    check(signed.state == AgreementState.IN_FORCE, "it is in force")
    refused = submit_agreement.sync(agreement, client=chief, if_match=signed.etag)
    known = isinstance(refused, Problem) and isinstance(refused.code, ProblemCode)
    check(known, f"a refusal has a code: {refused}")
    print("Python: logged in, written, confirmed, submitted, returned, submitted, approved, signed")


main()
