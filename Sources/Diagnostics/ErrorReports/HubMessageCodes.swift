/// IoT Hub: messages, quotas and the service itself (IoT Hub, "Understand and resolve error codes").
enum HubMessageCodes {
    static let all: [ErrorCode] = [
        ErrorCode(
            .hub, 400, "400103", "InvalidContentEncodingOrType",
            "A route asks for the message's body, and its type and encoding do not say JSON in UTF-8.",
            "Set the content type application/json and the content encoding utf-8.", cause: "envelope-broken"),
        ErrorCode(
            .hub, 400, "400503", "InvalidPnPReportedProperties",
            "The reported properties do not keep the conventions of the model that the device announces.",
            "Report components with their mark and acknowledgements with value, ac and av."),
        ErrorCode(
            .hub, 403, "403002", "IotHubQuotaExceeded", "The hub has used up its messages of the day; it takes more after midnight UTC.",
            "Send less, or give the hub more units.", cause: "quota-exceeded"),
        ErrorCode(
            .hub, 403, "403004", "DeviceMaximumQueueDepthExceeded",
            "Fifty messages wait for the device already; in a log of routes, the endpoint is full.",
            "Have the device take its messages, or let them expire earlier."),
        ErrorCode(
            .hub, 403, "403008", "RoutingEndpointResponseForbidden", "An endpoint of a route refused the hub's delivery.",
            "Give the hub's identity the right to send there."),
        ErrorCode(
            .hub, 412, "412002", "DeviceMessageLockLost", "The device took longer than the minute that it has to settle a message.",
            "Settle messages sooner; it is delivered again."),
        ErrorCode(
            .hub, 413, "", "PayloadTooLarge", "The message is larger than the hub takes.", "Send less in one message, or upload a file.",
            cause: "message-too-large"),
        ErrorCode(
            .hub, 413, "413001", "MessageTooLarge", "The message is larger than 256 KB.", "Send less in one message, or upload a file.",
            cause: "message-too-large"),
        ErrorCode(
            .hub, 415, "415101", "IncompatibleDataType", "A value is of a type that the operation does not take.",
            "Send the type that the operation asks for."),
        ErrorCode(
            .hub, 429, "", "TooManyRequests", "The hub slows down operations because there are too many of them.",
            "Send less often, or give the hub more units.", cause: "throttled"),
        ErrorCode(
            .hub, 429, "429000", "GenericTooManyRequests", "There were too many requests of one kind.",
            "Try again with growing and random pauses.", cause: "throttled"),
        ErrorCode(
            .hub, 429, "429001", "ThrottlingException", "An operation goes beyond the rate that the hub's size allows.",
            "Send less often, or give the hub more units.", cause: "throttled"),
        ErrorCode(
            .hub, 429, "429002", "ThrottleBacklogLimitExceeded", "So many requests wait for their turn that the hub takes no more.",
            "Try again with growing and random pauses.", cause: "throttled"),
        ErrorCode(
            .hub, 429, "429003", "ThrottlingBacklogTimeout", "A request waited for its turn until its time was over.",
            "Try again with growing and random pauses.", cause: "throttled"),
        ErrorCode(
            .hub, 429, "429004", "ThrottlingMaxActiveJobCountExceeded", "More jobs are running than the hub allows at once.",
            "Start the job when another has ended.", cause: "throttled"),
        ErrorCode(
            .hub, 429, "429005", "DeviceThrottlingLimitExceeded", "This one device does more than the hub allows a device.",
            "Have the device send less often.", cause: "throttled"),
        ErrorCode(.hub, 500, "", "InternalServerError", "Something went wrong within the hub.", "Try again.", cause: "platform-error"),
        ErrorCode(
            .hub, 500, "500001", "ServerError", "Something went wrong within the hub.", "Try again; where it stays, ask Azure's support.",
            cause: "platform-error"),
        ErrorCode(
            .hub, 500, "500008", "GenericTimeout", "The hub did not finish a request in time.", "Try again; where it stays, ask Azure's support.",
            cause: "platform-error"),
        ErrorCode(
            .hub, 503, "", "ServiceUnavailable", "The hub cannot take the request now.", "Try again with growing pauses.", cause: "platform-error"),
        ErrorCode(
            .hub, 503, "503001", "ServiceUnavailable", "The hub cannot take the request now.", "Try again with growing pauses.",
            cause: "platform-error"),
        ErrorCode(
            .hub, 503, "503005", "ServerBusy", "The hub has too much to do now.", "Try again with growing pauses.", cause: "platform-error"),
    ]
}
