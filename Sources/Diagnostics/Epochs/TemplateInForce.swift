/// The template that an event is judged by.
package enum TemplateInForce: Sendable {
    /// None applies.
    case unassigned
    /// One is named that is not there.
    case unknown(templateID: String)
    /// This one.
    case version(PublishedTemplate)

    /// The version's number in tables; 0 where there is none.
    package var key: Int32 {
        if case .version(let template) = self { template.key } else { 0 }
    }
}
