/// The topics of Eclipse Hono's northbound API: what is in them, then the tenant, which may contain dots itself.
struct HonoTopic {
    /// What is in a topic.
    enum Role: String, CaseIterable {
        /// `hono.telemetry.<tenant>`: delivered at most or at least once, as the device chose.
        case telemetry = "hono.telemetry."
        /// `hono.event.<tenant>`: delivered at least once.
        case event = "hono.event."
        /// `hono.command_response.<tenant>`: what became of a command.
        case commandResponse = "hono.command_response."
        /// `hono.command.<tenant>`: what somebody wants a device to do.
        case command = "hono.command."
    }

    let role: Role
    let tenant: Substring

    /// Nil for a topic that is none of Hono's.
    init?(_ topic: String) {
        guard topic.utf8.starts(with: "hono.".utf8), let role = Role.allCases.first(where: { topic.utf8.starts(with: $0.rawValue.utf8) }) else {
            return nil
        }
        self.role = role
        tenant = topic[topic.utf8.index(topic.startIndex, offsetBy: role.rawValue.utf8.count)...]
    }
}
