//! Who may call which operation: the one table. What depends on the row stands in the policies it names.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::actor::{Actor, Who};
use crate::auth::ClientScope;
use crate::error::{Code, Result};
use crate::organisation::Role;
use crate::organisation::Role::*;

/// A row of the table.
#[derive(Debug)]
pub struct Rule {
    /// The operation's id in the OpenAPI document.
    pub operation: &'static str,
    /// Who may at all.
    pub who: Access,
    /// The function that looks at the row, when it depends on the row; for readers of this table.
    pub policy: &'static str,
}

/// Who may call an operation.
#[derive(Debug, Clone, Copy)]
pub enum Access {
    /// Anybody, without a token.
    Anonymous,
    /// Every person, be they appointed to anything or not, and clients with one of some scopes: what is the caller's own.
    Own(&'static [ClientScope]),
    /// People with one of some roles (none named: with any), and clients with one of some scopes.
    Known(&'static [Role], &'static [ClientScope]),
}

const ANYONE: &[Role] = &[];
const NOBODY: &[ClientScope] = &[];
const MANAGES: &[Role] = &[Administrator];
const RUNS_IT: &[Role] = &[Administrator, Coordinator];

const fn open(operation: &'static str) -> Rule {
    Rule { operation, who: Access::Anonymous, policy: "" }
}

const fn own(operation: &'static str, scopes: &'static [ClientScope]) -> Rule {
    Rule { operation, who: Access::Own(scopes), policy: "" }
}

const fn people(operation: &'static str, roles: &'static [Role], policy: &'static str) -> Rule {
    Rule { operation, who: Access::Known(roles, NOBODY), policy }
}

const fn both(
    operation: &'static str,
    roles: &'static [Role],
    scopes: &'static [ClientScope],
    policy: &'static str,
) -> Rule {
    Rule { operation, who: Access::Known(roles, scopes), policy }
}

const READ_ORGANISATION: &[ClientScope] = &[ClientScope::OrganisationRead, ClientScope::OrganisationWrite];
const READ_AGREEMENTS: &[ClientScope] = &[ClientScope::AgreementsRead];
const PREPARES: &[Role] = &[Coordinator];
const OVERSEES: &[Role] = &[Leader, Director, ChiefExecutive, Coordinator];
const WRITE_ORGANISATION: &[ClientScope] = &[ClientScope::OrganisationWrite];

/// Every operation of the API, in the order of the OpenAPI document's sections.
pub const TABLE: &[Rule] = &[
    // sessions
    open("create_session"),
    open("refresh_session"),
    own("end_session", NOBODY),
    open("list_auth_methods"),
    open("create_token"),
    open("get_jwks"),
    open("get_authorization_server"),
    // me
    own("get_me", ClientScope::ALL),
    own("change_password", NOBODY),
    // organisation
    both("get_municipality", ANYONE, READ_ORGANISATION, ""),
    people("update_municipality", MANAGES, "organisation::api::policy::can_change_settings"),
    both("list_org_units", ANYONE, READ_ORGANISATION, ""),
    both("get_org_unit", ANYONE, READ_ORGANISATION, ""),
    both("put_org_unit", RUNS_IT, WRITE_ORGANISATION, "organisation::api::policy::can_replace"),
    people("update_org_unit", RUNS_IT, "organisation::api::policy::can_change_local"),
    both("get_org_unit_history", ANYONE, READ_ORGANISATION, ""),
    both("list_people", ANYONE, READ_ORGANISATION, "organisation::api::policy::can_match"),
    both("get_person", ANYONE, READ_ORGANISATION, ""),
    both("put_person", RUNS_IT, WRITE_ORGANISATION, "organisation::api::policy::can_replace"),
    people("update_person", RUNS_IT, "organisation::api::policy::can_change_local"),
    both("list_appointments", ANYONE, READ_ORGANISATION, ""),
    both("get_appointment", ANYONE, READ_ORGANISATION, ""),
    both("put_appointment", RUNS_IT, WRITE_ORGANISATION, "organisation::api::policy::can_appoint"),
    both("delete_appointment", RUNS_IT, WRITE_ORGANISATION, "organisation::api::policy::can_appoint"),
    // events
    both("list_events", RUNS_IT, &[ClientScope::EventsRead], ""),
    people("list_audit", RUNS_IT, ""),
    // agreements
    both("list_agreements", ANYONE, READ_AGREEMENTS, "agreements::views::list::choose"),
    both("get_agreement", ANYONE, READ_AGREEMENTS, "agreements::agreement::policy::can_see"),
    people("create_agreement", &[Coordinator], ""),
    people("update_agreement", ANYONE, "agreements::agreement::policy::can_rename"),
    people("share_agreement", ANYONE, "agreements::agreement::policy::can_submit"),
    people("get_draft", ANYONE, "agreements::agreement::policy::can_see_draft"),
    people("put_draft", ANYONE, "agreements::agreement::loaded::LoadedAgreement::can_write"),
    people("get_readiness", ANYONE, "agreements::agreement::policy::can_see_draft"),
    people("get_agreement_history", ANYONE, "agreements::agreement::policy::can_see"),
    both("get_section", ANYONE, READ_AGREEMENTS, "agreements::agreement::policy::can_see"),
    people("update_section", ANYONE, "agreements::agreement::loaded::LoadedAgreement::can_write"),
    both("list_revisions", ANYONE, READ_AGREEMENTS, "agreements::agreement::policy::can_see"),
    both("get_revision", ANYONE, READ_AGREEMENTS, "agreements::agreement::policy::can_see"),
    // workflow
    people("submit_agreement", ANYONE, "agreements::approval::guards::may_submit"),
    people("recall_agreement", ANYONE, "agreements::approval::guards::may_recall"),
    people("sign_agreement", ANYONE, "agreements::approval::guards::may_sign"),
    people("approve_section", ANYONE, "agreements::approval::guards::may_decide"),
    people("return_section", ANYONE, "agreements::approval::guards::may_decide"),
    people("reopen_section", ANYONE, "agreements::approval::guards::may_reopen"),
    people("decide_sections", ANYONE, "agreements::approval::guards::may_decide"),
    both("get_workflow", ANYONE, READ_AGREEMENTS, ""),
    people("get_line_of_sight", ANYONE, ""),
    people("list_my_tasks", ANYONE, "tasks::api::approval::to_decide"),
    // administration
    people("list_users", MANAGES, ""),
    people("create_user", MANAGES, ""),
    people("get_user", MANAGES, ""),
    people("update_user", MANAGES, "accounts::users::policy::can_shut"),
    people("create_one_time_code", MANAGES, ""),
    people("delete_user", MANAGES, "accounts::users::policy::can_shut"),
    people("list_clients", MANAGES, ""),
    people("create_client", MANAGES, ""),
    people("get_client", MANAGES, ""),
    people("update_client", MANAGES, ""),
    people("delete_client", MANAGES, ""),
    people("create_client_secret", MANAGES, ""),
    people("delete_client_secret", MANAGES, ""),
    // letters
    both("list_strategy_letters", ANYONE, READ_AGREEMENTS, "letters::policy::can_see"),
    people("create_strategy_letter", PREPARES, "letters::policy::can_prepare"),
    both("get_strategy_letter", ANYONE, READ_AGREEMENTS, "letters::policy::can_see"),
    people("update_strategy_letter", PREPARES, "letters::policy::can_prepare"),
    people("publish_strategy_letter", PREPARES, "letters::policy::can_prepare"),
    people("create_theme", PREPARES, "letters::policy::can_prepare"),
    both("get_theme", ANYONE, READ_AGREEMENTS, "letters::policy::can_see"),
    people("update_theme", PREPARES, "letters::policy::can_prepare"),
    people("delete_theme", PREPARES, "letters::policy::can_prepare"),
    // templates
    both("list_templates", ANYONE, READ_AGREEMENTS, "templates::policy::can_see"),
    people("create_template", PREPARES, "templates::policy::can_write"),
    both("get_template", ANYONE, READ_AGREEMENTS, "templates::policy::can_see"),
    people("update_template", PREPARES, "templates::policy::can_write"),
    people("delete_template", PREPARES, "templates::policy::can_write"),
    people("publish_template", PREPARES, "templates::policy::can_write"),
    both("get_template_schema", ANYONE, READ_AGREEMENTS, "templates::policy::can_see"),
    // cycles
    both("list_cycles", ANYONE, READ_AGREEMENTS, "cycles::policy::can_see"),
    people("create_cycle", PREPARES, "cycles::policy::can_write"),
    both("get_cycle", ANYONE, READ_AGREEMENTS, "cycles::policy::can_see"),
    people("update_cycle", PREPARES, "cycles::policy::can_write"),
    people("open_cycle", PREPARES, "cycles::policy::can_write"),
    people("get_cycle_overview", OVERSEES, "cycles::policy::oversees"),
    people("get_coverage", OVERSEES, "cycles::policy::oversees"),
    people("get_collaboration_graph", OVERSEES, "cycles::policy::oversees"),
    // goals
    both("list_goals", ANYONE, READ_AGREEMENTS, "agreements::agreement::policy::can_see"),
    people("create_goal", ANYONE, "agreements::agreement::policy::can_write"),
    both("get_goal", ANYONE, READ_AGREEMENTS, "agreements::agreement::policy::can_see"),
    people("update_goal", ANYONE, "agreements::agreement::policy::can_write"),
    people("delete_goal", ANYONE, "agreements::agreement::policy::can_write"),
    people("create_indicator", ANYONE, "agreements::agreement::policy::can_write"),
    both("get_indicator", ANYONE, READ_AGREEMENTS, "agreements::agreement::policy::can_see"),
    people("update_indicator", ANYONE, "agreements::agreement::policy::can_write"),
    people("delete_indicator", ANYONE, "agreements::agreement::policy::can_write"),
    // effects
    both("list_observations", ANYONE, READ_AGREEMENTS, "agreements::agreement::policy::can_see"),
    people("create_observation", ANYONE, "agreements::observations::policy::can_observe"),
    both("get_observation", ANYONE, READ_AGREEMENTS, "agreements::agreement::policy::can_see"),
    people("update_observation", ANYONE, "agreements::observations::policy::can_observe"),
    people("delete_observation", ANYONE, "agreements::observations::policy::can_observe"),
    both("get_measurement", ANYONE, READ_AGREEMENTS, "agreements::agreement::policy::can_see"),
    people("put_measurement", ANYONE, "agreements::observations::policy::can_observe"),
    people("delete_measurement", ANYONE, "agreements::observations::policy::can_observe"),
    people("import_observations", ANYONE, "agreements::observations::policy::can_observe"),
    both("export_observations", ANYONE, READ_AGREEMENTS, "agreements::agreement::policy::can_see"),
    both("get_indicator_series", ANYONE, READ_AGREEMENTS, "agreements::agreement::policy::can_see"),
    both("get_agreement_effects", ANYONE, READ_AGREEMENTS, "agreements::agreement::policy::can_see"),
    people("inherit_goal", ANYONE, "agreements::agreement::policy::can_write"),
    both("get_goal_roll_up", ANYONE, READ_AGREEMENTS, "agreements::agreement::policy::can_see"),
    both("list_corporate_goals", ANYONE, READ_AGREEMENTS, "letters::policy::can_see"),
    people("create_corporate_goal", PREPARES, "letters::policy::can_prepare"),
    both("get_corporate_goal", ANYONE, READ_AGREEMENTS, "letters::policy::can_see"),
    people("update_corporate_goal", PREPARES, "letters::policy::can_prepare"),
    people("delete_corporate_goal", PREPARES, "letters::policy::can_prepare"),
    both("get_corporate_goal_roll_up", ANYONE, READ_AGREEMENTS, "letters::policy::can_see"),
    // commitments
    both("list_commitments", ANYONE, READ_AGREEMENTS, "agreements::commitments::policy::PartyRole::is_party"),
    people("create_commitment", ANYONE, "agreements::agreement::policy::can_write"),
    both("get_commitment", ANYONE, READ_AGREEMENTS, "agreements::commitments::policy::PartyRole::is_party"),
    people("update_commitment", ANYONE, "agreements::agreement::policy::can_write"),
    people("confirm_commitment", ANYONE, "agreements::commitments::policy::PartyRole::party_of"),
    people("counter_commitment", ANYONE, "agreements::commitments::policy::PartyRole::partner_of"),
    people("fulfil_commitment", ANYONE, "agreements::commitments::policy::PartyRole::keepers"),
    people("decline_commitment", ANYONE, "agreements::commitments::policy::PartyRole::party_of"),
    people("withdraw_commitment", ANYONE, "agreements::commitments::policy::can_ask_to_withdraw"),
    // comments
    people("list_comments", ANYONE, "agreements::agreement::policy::can_see"),
    people("create_comment", ANYONE, "agreements::comments::policy::can_demand_answer"),
    people("get_comment", ANYONE, "agreements::agreement::policy::can_see"),
    people("update_comment", ANYONE, "agreements::comments::policy::can_resolve"),
];

static BY_OPERATION: LazyLock<HashMap<&'static str, &'static Rule>> =
    LazyLock::new(|| TABLE.iter().map(|rule| (rule.operation, rule)).collect());

fn rule(operation: &str) -> Option<&'static Rule> {
    BY_OPERATION.get(operation).copied()
}

/// Whether an operation needs no token.
pub fn is_anonymous(operation: &str) -> bool {
    matches!(rule(operation), Some(Rule { who: Access::Anonymous, .. }))
}

/// Whether some who are known may not call an operation, or not for every row.
pub fn may_refuse(operation: &str) -> bool {
    match rule(operation) {
        Some(Rule { who: Access::Anonymous, .. }) => false,
        Some(Rule { who: Access::Own(scopes), .. }) => scopes.len() < ClientScope::ALL.len(),
        // Who is appointed to nothing is refused.
        Some(Rule { who: Access::Known(..), .. }) | None => true,
    }
}

/// Whether an actor may call an operation at all. An operation without a row is for nobody.
///
/// # Errors
/// 403.
pub fn permits(operation: &str, actor: &Actor) -> Result<()> {
    let permitted = match (rule(operation).map(|rule| rule.who), &actor.who) {
        (Some(Access::Anonymous), _) | (Some(Access::Own(_)), Who::Person { .. }) => true,
        (Some(Access::Known(..)), Who::Person { .. }) if actor.appointments.is_empty() => {
            return Err(Code::NotAppointed.into());
        }
        (Some(Access::Known(roles, _)), Who::Person { .. }) => roles.is_empty() || actor.has_any(roles),
        (Some(Access::Known(_, scopes) | Access::Own(scopes)), Who::Client { .. }) => {
            scopes.iter().any(|scope| actor.has_scope(*scope))
        }
        (None, _) => false,
    };
    if permitted { Ok(()) } else { Err(Code::Forbidden.into()) }
}
