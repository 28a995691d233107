import JSON

extension IoTCentralExport {
    /// The members of the outermost object that this format defines, by place.
    struct Members {
        var applicationID: JSONNode?
        var messageSource: JSONNode?
        var messageType: JSONNode?
        var schema: JSONNode?
        var deviceID: JSONNode?
        var templateID: JSONNode?
        var enqueuedTime: JSONNode?
        var module: JSONNode?
        var component: JSONNode?
        var messageProperties: JSONNode?
        var telemetry: JSONNode?
        var properties: JSONNode?
        var device: JSONNode?

        /// How many of the three members that mark the format are there, of whatever type.
        var markCount: Int { (applicationID == nil ? 0 : 1) + (messageSource == nil ? 0 : 1) + (schema == nil ? 0 : 1) }

        mutating func take(_ member: JSONMember, in document: JSONDocument) {
            let name = member.key
            if document.equals(name, "applicationId") {
                applicationID = member.value
            } else if document.equals(name, "messageSource") {
                messageSource = member.value
            } else if document.equals(name, "messageType") {
                messageType = member.value
            } else if document.equals(name, "schema") {
                schema = member.value
            } else if document.equals(name, "deviceId") {
                deviceID = member.value
            } else if document.equals(name, "templateId") {
                templateID = member.value
            } else if document.equals(name, "enqueuedTime") {
                enqueuedTime = member.value
            } else if document.equals(name, "module") {
                module = member.value
            } else if document.equals(name, "component") {
                component = member.value
            } else if document.equals(name, "messageProperties") {
                messageProperties = member.value
            } else if document.equals(name, "telemetry") {
                telemetry = member.value
            } else if document.equals(name, "properties") {
                properties = member.value
            } else if document.equals(name, "device") {
                device = member.value
            }
        }
    }
}
