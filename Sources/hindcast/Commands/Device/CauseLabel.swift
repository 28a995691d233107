import ArgumentParser

/// The causes of trouble, as `hindcast.cause` lists them.
enum CauseLabel: String, ExpressibleByArgument, CaseIterable {
    case blocked
    case notApproved = "not-approved"
    case deleted
    case movedHub = "moved-hub"
    case credentialsExpired = "credentials-expired"
    case twoClients = "two-clients"
    case notProvisioned = "not-provisioned"
    case quotaExceeded = "quota-exceeded"
    case throttled
    case notAssigned = "not-assigned"
    case templateUnknown = "template-unknown"
    case malformedJSON = "malformed-json"
    case envelopeBroken = "envelope-broken"
    case oldEdgeRuntime = "old-edge-runtime"
    case wrongComponent = "wrong-component"
    case wrongCase = "wrong-case"
    case wrongName = "wrong-name"
    case wrongKind = "wrong-kind"
    case wrongType = "wrong-type"
    case wrongProperty = "wrong-property"
    case acknowledgementWrong = "acknowledgement-wrong"
    case messageTooLarge = "message-too-large"
    case clockWrong = "clock-wrong"
    case fileUploadFailed = "file-upload-failed"
    case exportOff = "export-off"
    case sourceSilent = "source-silent"
    case notConnected = "not-connected"
    case silent
    case unstableConnection = "unstable-connection"
    case repeatedMessages = "repeated-messages"
    case platformError = "platform-error"
}
