/// What a session said with NOTIFY.
package struct Notification: Hashable, Sendable {
    /// The channel's name.
    package let channel: String
    /// The text that was sent along; empty where there was none.
    package let payload: String
    /// The process of the session that sent it.
    package let backendPID: Int32

    /// A notification with these parts.
    package init(channel: String, payload: String, backendPID: Int32) {
        self.channel = channel
        self.payload = payload
        self.backendPID = backendPID
    }
}
