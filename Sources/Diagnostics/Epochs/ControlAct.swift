/// What a control event decided, as far as a fold is concerned.
package enum ControlAct: Equatable, Sendable {
    /// A version was stored. The first version of an id is in force from where it is heard of.
    case publish(templateID: String, versionKey: Int32, isFirst: Bool)
    /// A version is in force from now on.
    case activate(templateID: String, versionKey: Int32)
    /// Devices whose messages name no template are judged by this one. Patterns are device ids with `*` and `?`; an empty tenant means every tenant.
    case assign(templateID: String, tenant: String, devices: [String])
    /// A generation tries a version out, over the past too. In force in that generation, and in those that began with its epochs; nowhere else.
    /// Patterns limit it to some devices; without any it is for all.
    case replay(generation: Int32, templateID: String, versionKey: Int32, devices: [String])
    /// The program's rules changed.
    case ruleSet(version: Int)
    /// Nothing that a fold has to know.
    case other
}
