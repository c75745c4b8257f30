//! Understands a `Read` request: which events, which way, once or for ever.

use std::sync::Arc;

use tonic::Status;

use crate::filter::{Filter, Subject};
use crate::grpc::wire::{UuidForm, read_name};
use crate::protocol::event_store::client::streams::{ReadReq, read_req::Options, read_req::options};
use crate::reader::Direction;

/// Events looked at per checkpoint where the client sets no window.
const DEFAULT_WINDOW: u32 = 32;

/// Where to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    Start,
    End,
    /// A revision or a position.
    At(u64),
}

/// What has a name and revisions: a stream, or a category, which is read as one.
#[derive(Debug, Clone)]
pub(crate) enum Named {
    Stream(Arc<str>),
    /// Without `$ce-` before it.
    Category(Arc<str>),
}

impl Named {
    fn new(name: Arc<str>) -> Self {
        match name.strip_prefix("$ce-") {
            Some(category) => Self::Category(category.into()),
            None => Self::Stream(name),
        }
    }
}

/// What to read.
#[derive(Debug)]
pub(crate) enum Target {
    Named { of: Named, from: From },
    All { from: From, filter: Option<Arc<Filter>>, interval: u64 },
}

/// How much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    Count(u64),
    Subscription,
}

/// A whole request.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) target: Target,
    pub(crate) direction: Direction,
    pub(crate) extent: Extent,
    pub(crate) form: UuidForm,
    /// Links are shown with the events that they name.
    pub(crate) resolve_links: bool,
    /// The client understands the first and last revision of a stream in an answer.
    pub(crate) with_bounds: bool,
}

pub(crate) fn understand(request: ReadReq) -> Result<Query, Status> {
    let options = request.options.ok_or_else(|| missing("options"))?;
    let direction = direction(&options)?;
    let extent = extent(&options)?;
    if extent == Extent::Subscription && direction == Direction::Backwards {
        return Err(Status::invalid_argument("a subscription goes forwards"));
    }
    let compatibility = options.control_option.map_or(0, |control| control.compatibility);
    Ok(Query {
        direction,
        extent,
        form: form(&options),
        resolve_links: options.resolve_links,
        with_bounds: compatibility >= 1,
        target: target(options)?,
    })
}

fn missing(what: &str) -> Status {
    Status::invalid_argument(format!("the read has no {what}"))
}

fn direction(options: &Options) -> Result<Direction, Status> {
    match options::ReadDirection::try_from(options.read_direction) {
        Ok(options::ReadDirection::Forwards) => Ok(Direction::Forwards),
        Ok(options::ReadDirection::Backwards) => Ok(Direction::Backwards),
        Err(_) => Err(Status::invalid_argument("the read direction is unknown")),
    }
}

fn extent(options: &Options) -> Result<Extent, Status> {
    match options.count_option {
        Some(options::CountOption::Count(count)) => Ok(Extent::Count(count)),
        Some(options::CountOption::Subscription(_)) => Ok(Extent::Subscription),
        None => Err(missing("count")),
    }
}

fn form(options: &Options) -> UuidForm {
    match options.uuid_option.and_then(|option| option.content) {
        Some(options::uuid_option::Content::String(())) => UuidForm::Text,
        Some(options::uuid_option::Content::Structured(())) | None => UuidForm::Structured,
    }
}

fn target(options: Options) -> Result<Target, Status> {
    use options::all_options::AllOption;
    use options::stream_options::RevisionOption;
    match options.stream_option.ok_or_else(|| missing("stream"))? {
        options::StreamOption::Stream(stream) => Ok(Target::Named {
            of: Named::new(read_name(stream.stream_identifier.as_ref())?),
            from: match stream.revision_option {
                Some(RevisionOption::Revision(revision)) => From::At(revision),
                Some(RevisionOption::End(())) => From::End,
                Some(RevisionOption::Start(())) | None => From::Start,
            },
        }),
        options::StreamOption::All(all) => {
            let (filter, interval) = filter(options.filter_option)?;
            Ok(Target::All {
                from: match all.all_option {
                    Some(AllOption::Position(position)) => From::At(position.commit_position),
                    Some(AllOption::End(())) => From::End,
                    Some(AllOption::Start(())) | None => From::Start,
                },
                filter,
                interval,
            })
        }
    }
}

fn filter(option: Option<options::FilterOption>) -> Result<(Option<Arc<Filter>>, u64), Status> {
    use options::filter_options::{Filter as Wire, Window};
    let Some(options::FilterOption::Filter(wire)) = option else {
        return Ok((None, u64::from(DEFAULT_WINDOW)));
    };
    let window = match wire.window {
        Some(Window::Max(max)) => max.max(1),
        Some(Window::Count(())) | None => DEFAULT_WINDOW,
    };
    let multiplier = wire.checkpoint_interval_multiplier.max(1);
    let (subject, expression) = match wire.filter {
        Some(Wire::StreamIdentifier(expression)) => (Subject::StreamName, expression),
        Some(Wire::EventType(expression)) => (Subject::EventType, expression),
        None => return Err(missing("filter expression")),
    };
    let filter = Filter::new(subject, &expression.regex, expression.prefix).map_err(Status::invalid_argument)?;
    let interval = u64::from(window) * u64::from(multiplier);
    Ok((Some(Arc::new(filter)), interval))
}
