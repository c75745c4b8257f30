//! Who looks at what, what a rule may ask about that, and the answer to whoever does not meet it.

/// Whoever comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Viewer {
    /// Nobody: no access token.
    Nobody,
    /// Signed in, never was in the conversation.
    Stranger,
    /// Was in the conversation, and left it.
    ExMember,
    /// In the conversation.
    Member,
    /// Owns the workspace, and is not in the conversation.
    Admin,
}

impl Viewer {
    /// In the order in which they come: whom a success of another would put in another place comes later.
    pub const ALL: [Self; 5] = [Self::Nobody, Self::Stranger, Self::ExMember, Self::Member, Self::Admin];
}

/// What they come to: a conversation with one message that is looked at, and the answers to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Object {
    /// A public channel that the viewer made, with her own message.
    Own,
    /// A public channel and a message of somebody else.
    Others,
    /// A private channel of somebody else.
    Private,
    /// A public channel of somebody else that is archived.
    Archived,
    /// A public channel of somebody else whose message was deleted.
    Deleted,
    /// A public channel of somebody else where only admins post.
    Restricted,
    /// A group of three people.
    Group,
    /// A direct conversation of two people.
    Direct,
}

impl Object {
    pub const ALL: [Self; 8] = [
        Self::Own,
        Self::Others,
        Self::Private,
        Self::Archived,
        Self::Deleted,
        Self::Restricted,
        Self::Group,
        Self::Direct,
    ];

    pub const fn is_channel(self) -> bool {
        !matches!(self, Self::Group | Self::Direct)
    }

    /// Whether this viewer can stand before it: only who was in it made anything, and nobody leaves a group.
    pub const fn has(self, viewer: Viewer) -> bool {
        match self {
            Self::Own => matches!(viewer, Viewer::ExMember | Viewer::Member | Viewer::Admin),
            Self::Group | Self::Direct => !matches!(viewer, Viewer::ExMember),
            Self::Others | Self::Private | Self::Archived | Self::Deleted | Self::Restricted => true,
        }
    }
}

/// One viewer before one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    pub viewer: Viewer,
    pub object: Object,
    /// Whether she made the conversation and wrote the message.
    pub made: bool,
}

impl Cell {
    pub fn of(viewer: Viewer, object: Object) -> Self {
        Self { viewer, object, made: object == Object::Own }
    }

    pub fn belongs(self) -> bool {
        self.viewer == Viewer::Member
    }

    pub fn may_see(self) -> bool {
        self.is_public() || self.belongs()
    }

    fn is_public(self) -> bool {
        self.object.is_channel() && self.object != Object::Private
    }

    fn is_admin(self) -> bool {
        self.viewer == Viewer::Admin
    }

    fn manages(self) -> bool {
        self.made || self.is_admin()
    }
}

/// What must be so. A row of a table asks one after the other; the first that is not met gives the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// She has an access token.
    SignedIn,
    /// She proves herself in another way; else 401 with this code.
    Proof(&'static str),
    /// The conversation is public, or she is in it; else it does not exist.
    MaySee,
    /// She is in it; else it does not exist.
    Belongs,
    /// It is her own; else it does not exist.
    Hers,
    /// She is in it, or an admin.
    MemberOrAdmin,
    /// She made it, or is an admin.
    Manager,
    /// As `Manager`, where everybody may join.
    ManagerWherePublic,
    /// She is an admin.
    Admin,
    /// She wrote the message.
    Author,
    /// She wrote the message, or is an admin.
    AuthorOrAdmin,
    /// She posts there, wherever not everybody does.
    MayPost,
    /// Receipts are told there: it is no channel.
    Receipts,
    /// It is a channel.
    Channel,
    /// It is a group.
    Group,
    /// It is a public channel.
    Public,
    /// It is not archived.
    Open,
    /// It is not archived, or she is in it anyway.
    OpenOrIn,
    /// It is archived.
    Archived,
    /// The message stands.
    NotDeleted,
    /// The message stands, and can be answered.
    ThreadStands,
    /// She has saved the message, which nobody has before she does.
    Saved,
    /// She follows the thread: she answered, or was answered.
    Follows,
    /// Somebody added her.
    Invited,
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is carried out.
    Allowed,
    /// 404, exactly as for what never existed.
    Hidden,
    /// This status and code.
    Refused(u16, &'static str),
}

impl Ask {
    pub fn is_met(self, cell: Cell) -> bool {
        let Cell { viewer, object, made } = cell;
        match self {
            Self::SignedIn | Self::Proof(_) => viewer != Viewer::Nobody,
            Self::MaySee => cell.may_see(),
            Self::Belongs => cell.belongs(),
            Self::Hers | Self::Author => made,
            Self::MemberOrAdmin => cell.belongs() || cell.is_admin(),
            Self::Manager => cell.manages(),
            Self::ManagerWherePublic => cell.manages() || !cell.is_public(),
            Self::Admin => cell.is_admin(),
            Self::AuthorOrAdmin => made || cell.is_admin(),
            Self::MayPost => object != Object::Restricted || cell.manages(),
            Self::Receipts => !object.is_channel(),
            Self::Channel => object.is_channel(),
            Self::Group => object == Object::Group,
            Self::Public => cell.is_public(),
            Self::Open => object != Object::Archived,
            Self::OpenOrIn => object != Object::Archived || cell.belongs(),
            Self::Archived => object == Object::Archived,
            Self::NotDeleted | Self::ThreadStands => object != Object::Deleted,
            Self::Saved => false,
            Self::Follows => made || matches!(viewer, Viewer::ExMember | Viewer::Member),
            Self::Invited => object.is_channel() && !made && matches!(viewer, Viewer::ExMember | Viewer::Member),
        }
    }

    const fn refusal(self) -> Outcome {
        match self {
            Self::SignedIn => Outcome::Refused(401, "unauthenticated"),
            Self::Proof(code) => Outcome::Refused(401, code),
            Self::MaySee | Self::Belongs | Self::Hers | Self::Follows | Self::Receipts | Self::Invited => {
                Outcome::Hidden
            }
            Self::MemberOrAdmin => Outcome::Refused(403, "not_a_member"),
            Self::Manager | Self::ManagerWherePublic => Outcome::Refused(403, "managers_only"),
            Self::Admin => Outcome::Refused(403, "admins_only"),
            Self::Author | Self::AuthorOrAdmin => Outcome::Refused(403, "not_the_author"),
            Self::MayPost => Outcome::Refused(403, "posting_restricted"),
            Self::Channel => Outcome::Refused(409, "not_a_channel"),
            Self::Group => Outcome::Refused(409, "not_a_group"),
            Self::Public => Outcome::Refused(409, "channel_not_public"),
            Self::Open | Self::OpenOrIn | Self::Archived => Outcome::Refused(409, "conversation_archived"),
            Self::NotDeleted => Outcome::Refused(410, "message_deleted"),
            Self::Saved => Outcome::Refused(404, "not_saved"),
            Self::ThreadStands => Outcome::Refused(404, "thread_not_found"),
        }
    }
}

/// What becomes of a request that asks this.
pub fn outcome(asks: &[Ask], cell: Cell) -> Outcome {
    asks.iter().find(|ask| !ask.is_met(cell)).map_or(Outcome::Allowed, |ask| ask.refusal())
}
