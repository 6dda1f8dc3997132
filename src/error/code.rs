//! The one table of refusals: what is wrong, with which status, under which code.

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = $status:literal $text:literal),+ $(,)?) => {
        /// A stable, machine-readable reason of a refusal. Its page is `/problems/{code}`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$meta])* $name),+ }

        impl Code {
            /// Every code, in the order of the statuses.
            pub const ALL: &'static [Code] = &[$(Code::$name),+];

            /// The code as it stands in an answer.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text),+ }
            }

            /// The HTTP status it is answered with.
            pub const fn status(self) -> u16 {
                match self { $(Code::$name => $status),+ }
            }
        }
    };
}

codes! {
    /// The body is not JSON.
    MalformedJson = 400 "malformed-json",
    /// A header or another part of the request cannot be read.
    MalformedRequest = 400 "malformed-request",
    /// The token request breaks RFC 6749.
    InvalidTokenRequest = 400 "invalid-token-request",
    /// There are no credentials.
    NotAuthenticated = 401 "not-authenticated",
    /// The token is expired, forged or withdrawn.
    InvalidToken = 401 "invalid-token",
    /// E-mail and password, or client and secret, do not belong together.
    InvalidCredentials = 401 "invalid-credentials",
    /// The password is a one-time code, by which nothing can be done but choose an own one.
    OwnPasswordRequired = 403 "own-password-required",
    /// No role or scope of the caller permits the operation.
    Forbidden = 403 "forbidden",
    /// The person has no appointment today, and reads nothing but who they are.
    NotAppointed = 403 "not-appointed",
    /// Only a holder of the agreement may.
    NotHolder = 403 "not-holder",
    /// The step waits for somebody else.
    NotYourStep = 403 "not-your-step",
    /// Nobody decides on the agreement of a unit that they lead (domain rule 2).
    OwnUnit = 403 "own-unit",
    /// Nobody decides on a revision that they edited (domain rule 2).
    EditedRevision = 403 "edited-revision",
    /// Whoever gives roles to others decides on nothing (domain rule 2).
    GivesRoles = 403 "gives-roles",
    /// Only a signatory signs.
    NotSignatory = 403 "not-signatory",
    /// Only the party that is asked may answer a commitment.
    NotParty = 403 "not-party",
    /// The section is filled by the coordinator.
    FilledByCoordinator = 403 "filled-by-coordinator",
    /// Nobody disables or deletes their own log-in.
    OwnLogIn = 403 "own-log-in",
    /// Nobody gives, changes or ends an appointment of their own.
    OwnAppointment = 403 "own-appointment",
    /// An outside system cannot give the role.
    RoleGivenLocally = 403 "role-given-locally",
    /// Only an administrator gives or takes the role.
    RoleGivenByAdministrator = 403 "role-given-by-administrator",
    /// There is no such resource, or the caller may not know of it.
    NotFound = 404 "not-found",
    /// There is no such address.
    UnknownPath = 404 "unknown-path",
    /// The address has no such method.
    MethodNotAllowed = 405 "method-not-allowed",
    /// The body came too slowly.
    RequestTimeout = 408 "request-timeout",
    /// The state does not permit the action.
    IllegalMove = 409 "illegal-move",
    /// What is submitted, published or opened has gaps; all of them are listed.
    NotReady = 409 "not-ready",
    /// This step is decided by this person already.
    AlreadyDecided = 409 "already-decided",
    /// Nobody is left who may approve (domain rule 2).
    NoApprover = 409 "no-approver",
    /// The person has signed.
    AlreadySigned = 409 "already-signed",
    /// A must-answer comment is open.
    UnansweredComment = 409 "unanswered-comment",
    /// Somebody has replied to the comment, or its thread is resolved: its words stand.
    CommentAnswered = 409 "comment-answered",
    /// Something with these keys exists.
    AlreadyExists = 409 "already-exists",
    /// The id belongs to something else.
    IdInUse = 409 "id-in-use",
    /// Something else refers to it.
    InUse = 409 "in-use",
    /// The client has as many secrets as it may.
    TooManySecrets = 409 "too-many-secrets",
    /// The row belongs to another source.
    ManagedElsewhere = 409 "managed-elsewhere",
    /// A newer change of the source is stored.
    StaleSource = 409 "stale-source",
    /// A confirmed commitment cannot be left out of a draft.
    ConfirmedCommitment = 409 "confirmed-commitment",
    /// What was observed of it is still there.
    HasObservations = 409 "has-observations",
    /// The proposer of a commitment changes it, and does not counter it.
    OwnProposal = 409 "own-proposal",
    /// Units of the cycle's scope have no template, or two that are equally narrow.
    NoTemplate = 409 "no-template",
    /// The resource was changed since it was read.
    StaleVersion = 412 "stale-version",
    /// The body is larger than permitted.
    TooLarge = 413 "too-large",
    /// The media type of the body is another than documented.
    UnsupportedMediaType = 415 "unsupported-media-type",
    /// The body is compressed, or coded in another way.
    UnsupportedContentCoding = 415 "unsupported-content-coding",
    /// The body breaks a rule; each place is listed.
    InvalidBody = 422 "invalid-body",
    /// A query parameter or header value breaks a rule.
    InvalidParameter = 422 "invalid-parameter",
    /// The body refers to something that does not exist.
    UnknownReference = 422 "unknown-reference",
    /// The idempotency key was used for another request.
    IdempotencyKeyReused = 422 "idempotency-key-reused",
    /// `If-Match` is missing.
    PreconditionRequired = 428 "precondition-required",
    /// Too many requests of this client.
    TooManyRequests = 429 "too-many-requests",
    /// A fault of ours.
    Internal = 500 "internal",
    /// The server has no such method, at any address.
    MethodNotImplemented = 501 "method-not-implemented",
    /// The database does not answer.
    DatabaseUnavailable = 503 "database-unavailable",
    /// The server has too much to do.
    Busy = 503 "busy",
}

impl Code {
    /// The code of a text; none when there is no such code.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Args, Lang, try_say};

    #[test]
    fn every_problem_code_has_a_title_and_says_what_to_do() {
        for lang in Lang::ALL {
            for code in Code::ALL {
                for key in [format!("problem-{}", code.as_str()), format!("problem-{}.detail", code.as_str())] {
                    assert!(try_say(lang, &key, &Args::default()).is_some(), "{key} lacks in {}", lang.tag());
                }
            }
        }
    }
}
