//! Somebody arranges her sidebar: sections of her own, in her order.

use events::PreferenceEvent;

use super::{Preference, Refusal, Sections, State};
use crate::Command;

/// Arrange the sidebar anew, as a whole.
#[derive(Debug, Clone)]
pub struct ArrangeSidebar {
    /// The sections, in order.
    pub sections: Sections,
}

impl Command for ArrangeSidebar {
    type On = Preference;

    fn decide(&self, state: &State) -> Result<Vec<PreferenceEvent>, Refusal> {
        let sections = self.sections.as_slice();
        if state.sections == sections {
            return Ok(vec![]);
        }
        Ok(vec![PreferenceEvent::SidebarChanged { sections: sections.to_vec() }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::CHANNEL;
    use crate::spec::{ANN, given};

    #[test]
    fn a_sidebar_is_arranged_once_and_emptied_once() {
        let sections = vec![("Work".to_owned(), vec![CHANNEL]), ("Fun".to_owned(), vec![])];
        let arrange = ArrangeSidebar { sections: Sections::parse(sections.clone()).unwrap() };
        let empty = ArrangeSidebar { sections: Sections::parse(vec![]).unwrap() };
        let changed = |sections| PreferenceEvent::SidebarChanged { sections };
        given::<Preference>(&ANN, []).when(&arrange).then([changed(sections.clone())]);
        given::<Preference>(&ANN, [changed(sections.clone())]).when(&arrange).nothing();
        given::<Preference>(&ANN, [changed(sections)]).when(&empty).then([changed(vec![])]);
        given::<Preference>(&ANN, []).when(&empty).nothing();
    }
}
