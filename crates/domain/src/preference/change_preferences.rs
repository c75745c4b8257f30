//! Somebody changes her settings: how her sidebar is arranged, which words she wants to hear of, when she wants quiet.
//! What is not given stays as it is.

use events::PreferenceEvent;

use super::{Keywords, Preference, QuietSchedule, Refusal, Sections, State};
use crate::Command;

/// Change settings, each as a whole.
#[derive(Debug, Clone, Default)]
pub struct ChangePreferences {
    /// The sections of her sidebar, in order.
    pub sections: Option<Sections>,
    /// The words that she wants to hear of.
    pub keywords: Option<Keywords>,
    /// When she wants no notifications.
    pub quiet_hours: Option<QuietSchedule>,
}

impl Command for ChangePreferences {
    type On = Preference;

    fn decide(&self, state: &State) -> Result<Vec<PreferenceEvent>, Refusal> {
        let changes = [self.sidebar(state), self.words(state), self.hours(state)];
        Ok(changes.into_iter().flatten().collect())
    }
}

impl ChangePreferences {
    fn sidebar(&self, state: &State) -> Option<PreferenceEvent> {
        let sections = self.sections.as_ref()?.as_slice();
        (state.sections != sections).then(|| PreferenceEvent::SidebarChanged { sections: sections.to_vec() })
    }

    fn words(&self, state: &State) -> Option<PreferenceEvent> {
        let keywords = self.keywords.as_ref()?.as_slice();
        (state.keywords != keywords).then(|| PreferenceEvent::KeywordsChanged { keywords: keywords.to_vec() })
    }

    fn hours(&self, state: &State) -> Option<PreferenceEvent> {
        let quiet_hours = self.quiet_hours.as_ref()?.as_ref();
        (state.quiet_hours.as_ref() != quiet_hours)
            .then(|| PreferenceEvent::QuietHoursChanged { quiet_hours: quiet_hours.cloned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::samples::CHANNEL;
    use crate::preference::quiet_hours::samples::{hours, range};
    use crate::spec::{ANN, given};
    use events::{QuietHours, Weekday};

    fn keywords(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn quiet(hours: QuietHours) -> ChangePreferences {
        let quiet_hours = QuietSchedule::parse(hours, |_| true).ok();
        ChangePreferences { quiet_hours, ..ChangePreferences::default() }
    }

    #[test]
    fn a_sidebar_is_arranged_once_and_emptied_once() {
        let change = |sections| ChangePreferences {
            sections: Some(Sections::parse(sections).unwrap()),
            ..ChangePreferences::default()
        };
        let sections = vec![("Work".to_owned(), vec![CHANNEL]), ("Fun".to_owned(), vec![])];
        let (arrange, empty) = (change(sections.clone()), change(vec![]));
        let changed = |sections| PreferenceEvent::SidebarChanged { sections };
        given::<Preference>(&ANN, []).when(&arrange).then([changed(sections.clone())]);
        given::<Preference>(&ANN, [changed(sections.clone())]).when(&arrange).nothing();
        given::<Preference>(&ANN, [changed(sections)]).when(&empty).then([changed(vec![])]);
        given::<Preference>(&ANN, []).when(&empty).nothing();
    }

    #[test]
    fn keywords_are_given_as_a_whole() {
        let change = |words: &[&str]| ChangePreferences {
            keywords: Some(Keywords::parse(keywords(words)).unwrap()),
            ..ChangePreferences::default()
        };
        let changed = |words: &[&str]| PreferenceEvent::KeywordsChanged { keywords: keywords(words) };
        given::<Preference>(&ANN, []).when(&change(&["tea", "milk"])).then([changed(&["tea", "milk"])]);
        given::<Preference>(&ANN, [changed(&["tea"])]).when(&change(&["tea"])).nothing();
        given::<Preference>(&ANN, [changed(&["tea"])]).when(&change(&[])).then([changed(&[])]);
    }

    #[test]
    fn quiet_hours_are_set_once_and_ended_once() {
        let night = hours(&[range(&[Weekday::Monday], "22:00", "07:00")]);
        let changed = |quiet_hours| PreferenceEvent::QuietHoursChanged { quiet_hours };
        given::<Preference>(&ANN, []).when(&quiet(night.clone())).then([changed(Some(night.clone()))]);
        given::<Preference>(&ANN, [changed(Some(night.clone()))]).when(&quiet(night.clone())).nothing();
        given::<Preference>(&ANN, [changed(Some(night))]).when(&quiet(hours(&[]))).then([changed(None)]);
        given::<Preference>(&ANN, []).when(&quiet(hours(&[]))).nothing();
    }

    #[test]
    fn what_is_not_given_stays_as_it_is() {
        let facts = [PreferenceEvent::KeywordsChanged { keywords: keywords(&["tea"]) }];
        given::<Preference>(&ANN, facts).when(&ChangePreferences::default()).nothing();
        let night = hours(&[range(&[Weekday::Monday], "22:00", "07:00")]);
        let both = ChangePreferences { keywords: Keywords::parse(keywords(&["tea"])).ok(), ..quiet(night.clone()) };
        let expected = [
            PreferenceEvent::KeywordsChanged { keywords: keywords(&["tea"]) },
            PreferenceEvent::QuietHoursChanged { quiet_hours: Some(night) },
        ];
        given::<Preference>(&ANN, []).when(&both).then(expected);
    }
}
