//! Why a request was not answered, without a word about what was asked. Pages and API put it in their own form.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use registry::{
    access::permit::AccessError,
    answer::AnswerError,
    check_answer::CheckError,
    contest::ContestError,
    decide_contest::DecideError,
    deliver::DeliverError,
    find::FindError,
    issue_proof::ProofError,
    merge::MergeError,
    part::PartError,
    port::{Away, StoreError},
    review::ReviewError,
    share_code::ShareCodeError,
    sign_in::SignInError,
    status_by_document::DocumentStatusError,
    undo_ruling::UndoError,
    view_profile::ViewError,
    view_status::StatusError,
    work_contest::CaseError,
};

use crate::delivery::chain;

/// What whoever asked is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Sign in first; what was asked for is open to somebody.
    SignIn,
    /// Name a purpose first.
    NoMatter,
    NotFound,
    Forbidden,
    /// Form token, origin or form of the request do not fit.
    Form,
    Conflict,
    /// What was named fits several persons.
    Several,
    TooMany {
        wait_seconds: u64,
    },
    TooLarge,
    Busy,
    /// The store cannot be reached, or has no room: nobody's fault who asked, and it may be mended soon.
    Away,
    Internal,
}

/// After so many seconds whoever was turned away by a store that is away may ask again.
const AWAY_WAIT_SECONDS: u64 = 5;

/// Seconds after which a guesser may try again; the registry's window is longer.
const GUESSING_WAIT_SECONDS: u64 = 300;

/// Seconds after which a server that was busy is worth another try.
const BUSY_WAIT_SECONDS: u64 = 1;

impl Fault {
    pub(crate) const GUESSING: Self = Self::TooMany {
        wait_seconds: GUESSING_WAIT_SECONDS,
    };

    pub(crate) fn of_status(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Some(Self::NotFound),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLarge),
            StatusCode::SERVICE_UNAVAILABLE => Some(Self::Busy),
            status if status.is_client_error() => Some(Self::Form),
            status if status.is_server_error() => Some(Self::Internal),
            _ => None,
        }
    }

    /// When to ask again, where waiting helps.
    pub(crate) fn wait_seconds(self) -> Option<u64> {
        match self {
            Self::TooMany { wait_seconds } => Some(wait_seconds),
            Self::Busy => Some(BUSY_WAIT_SECONDS),
            Self::Away => Some(AWAY_WAIT_SECONDS),
            Self::SignIn
            | Self::NoMatter
            | Self::NotFound
            | Self::Forbidden
            | Self::Form
            | Self::Conflict
            | Self::Several
            | Self::TooLarge
            | Self::Internal => None,
        }
    }

    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::SignIn | Self::NoMatter => StatusCode::SEE_OTHER,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Form => StatusCode::BAD_REQUEST,
            Self::Conflict | Self::Several => StatusCode::CONFLICT,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Busy | Self::Away => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// An error that is ours: told to the log, with its causes; messages name kinds and counts, never a person.
    /// One that comes of a store that cannot work just now is told as such, however deep it lies.
    pub(crate) fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        if comes_of_store_away(error) {
            tracing::warn!(error = chain(error), "store away");
            return Self::Away;
        }
        tracing::error!(error = chain(error), "request failed");
        Self::Internal
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        let headers = response.headers_mut();
        match self {
            Self::SignIn => {
                headers.insert(header::LOCATION, HeaderValue::from_static("/sign-in"));
            }
            Self::NoMatter => {
                headers.insert(header::LOCATION, HeaderValue::from_static("/office/matter"));
            }
            _ => {}
        }
        if let Some(seconds) = self.wait_seconds() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

fn comes_of_store_away(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    causes.any(|cause| {
        cause.is::<Away>() || matches!(cause.downcast_ref(), Some(StoreError::Full | StoreError::Disk(_)))
    })
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Missing { .. } => Self::NotFound,
            StoreError::Busy => Self::Busy,
            other => Self::internal(&other),
        }
    }
}

impl From<AccessError> for Fault {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Denied(_) => Self::Forbidden,
            AccessError::Store(error) => error.into(),
            AccessError::Random(error) => Self::internal(&error),
        }
    }
}

impl From<ViewError> for Fault {
    fn from(error: ViewError) -> Self {
        match error {
            ViewError::NoSuchProfile => Self::NotFound,
            ViewError::Access(error) => error.into(),
            ViewError::Store(error) => error.into(),
        }
    }
}

impl From<AnswerError> for Fault {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::View(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<StatusError> for Fault {
    fn from(error: StatusError) -> Self {
        match error {
            StatusError::Access(error) => error.into(),
            StatusError::View(error) => error.into(),
            StatusError::Answer(error) => error.into(),
            StatusError::Store(error) => error.into(),
        }
    }
}

impl From<DocumentStatusError> for Fault {
    fn from(error: DocumentStatusError) -> Self {
        match error {
            DocumentStatusError::NoSuchPerson => Self::NotFound,
            DocumentStatusError::SeveralPersons => Self::Several,
            DocumentStatusError::Access(error) => error.into(),
            DocumentStatusError::Answer(error) => error.into(),
            DocumentStatusError::Store(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<ProofError> for Fault {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::Access(error) => error.into(),
            ProofError::Answer(error) => error.into(),
            ProofError::Store(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<ShareCodeError> for Fault {
    fn from(error: ShareCodeError) -> Self {
        match error {
            ShareCodeError::Term => Self::Form,
            ShareCodeError::TooManyCodes => Self::Conflict,
            ShareCodeError::NoSuchCode => Self::NotFound,
            ShareCodeError::Access(error) => error.into(),
            ShareCodeError::Random(error) => Self::internal(&error),
            ShareCodeError::Store(error) => error.into(),
        }
    }
}

impl From<CheckError> for Fault {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::Code(_) => Self::Form,
            CheckError::NotFitting => Self::NotFound,
            CheckError::TooManyAttempts => Self::GUESSING,
            CheckError::Access(error) => error.into(),
            CheckError::Answer(error) => error.into(),
            CheckError::Random(error) => Self::internal(&error),
            CheckError::Store(error) => error.into(),
        }
    }
}

impl From<SignInError> for Fault {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::NotFitting => Self::SignIn,
            SignInError::TooManyAttempts => Self::GUESSING,
            SignInError::Store(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<ReviewError> for Fault {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::NoSuchItem => Self::NotFound,
            ReviewError::Closed | ReviewError::TakenByOther | ReviewError::NotTaken => Self::Conflict,
            ReviewError::Merge(error) => error.into(),
            ReviewError::Reason => Self::Form,
            ReviewError::NotAnOfficial => Self::Forbidden,
            ReviewError::Access(error) => error.into(),
            ReviewError::Store(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<ContestError> for Fault {
    fn from(error: ContestError) -> Self {
        match error {
            ContestError::NoSuchFact | ContestError::NoSuchCase => Self::NotFound,
            ContestError::Right | ContestError::Words => Self::Form,
            ContestError::Already | ContestError::TooManyOpen | ContestError::NothingAsked => Self::Conflict,
            ContestError::NotAParty => Self::Forbidden,
            ContestError::Access(error) => error.into(),
            ContestError::View(error) => error.into(),
            ContestError::Store(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<CaseError> for Fault {
    fn from(error: CaseError) -> Self {
        match error {
            CaseError::NoSuchCase => Self::NotFound,
            CaseError::Decided | CaseError::TakenByOther | CaseError::NotTaken => Self::Conflict,
            CaseError::Words => Self::Form,
            CaseError::NotAnOfficial => Self::Forbidden,
            CaseError::Access(error) => error.into(),
            CaseError::View(error) => error.into(),
            CaseError::Store(error) => error.into(),
        }
    }
}

impl From<DecideError> for Fault {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::NoOneProfile | DecideError::Gone | DecideError::NoEffect => Self::Conflict,
            DecideError::Case(error) => error.into(),
            DecideError::Part(error) => error.into(),
            DecideError::Contest(error) => error.into(),
            DecideError::View(error) => error.into(),
            DecideError::Store(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<PartError> for Fault {
    fn from(error: PartError) -> Self {
        match error {
            PartError::NoSuchProfile => Self::NotFound,
            PartError::NotItsRecord | PartError::NothingLeft => Self::Conflict,
            PartError::Words => Self::Form,
            PartError::NotAnOfficial => Self::Forbidden,
            PartError::Access(error) => error.into(),
            PartError::Store(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<MergeError> for Fault {
    fn from(error: MergeError) -> Self {
        match error {
            MergeError::NoSuchProfile => Self::NotFound,
            MergeError::One | MergeError::Contradiction => Self::Conflict,
            MergeError::Words => Self::Form,
            MergeError::NotAnOfficial => Self::Forbidden,
            MergeError::Access(error) => error.into(),
            MergeError::Store(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<UndoError> for Fault {
    fn from(error: UndoError) -> Self {
        match error {
            UndoError::NoSuchRuling => Self::NotFound,
            UndoError::Already | UndoError::Later => Self::Conflict,
            UndoError::Words => Self::Form,
            UndoError::NotAnOfficial => Self::Forbidden,
            UndoError::Access(error) => error.into(),
            UndoError::Store(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<DeliverError> for Fault {
    fn from(error: DeliverError) -> Self {
        match error {
            DeliverError::NotAReceiver => Self::Forbidden,
            DeliverError::NoSuchNotice => Self::NotFound,
            DeliverError::Access(error) => error.into(),
            DeliverError::Store(StoreError::TooMany { .. }) => Self::Form,
            DeliverError::Store(error) => error.into(),
        }
    }
}

impl From<FindError> for Fault {
    fn from(error: FindError) -> Self {
        match error {
            FindError::TooMany { .. } | FindError::Empty => Self::Form,
            FindError::Access(error) => error.into(),
            FindError::Store(error) => error.into(),
        }
    }
}
