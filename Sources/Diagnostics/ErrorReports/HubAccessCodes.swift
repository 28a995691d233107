/// IoT Hub: who may connect, and what ends connections (IoT Hub, "Understand and resolve error codes"; IoT Central, "Troubleshooting").
enum HubAccessCodes {
    static let all: [ErrorCode] = [
        ErrorCode(
            .hub, 401, "", "IotHubUnauthorized", "The hub does not accept the device's security token, most often because it has run out.",
            "Have the device renew its token before it runs out, and check its clock.", cause: "credentials-expired"),
        ErrorCode(
            .hub, 401, "401002", "IotHubUnauthorizedAccess", "A service or tool, not a device, came with credentials that allow too little.",
            "Give the service's shared access policy or identity the permission that it needs."),
        ErrorCode(
            .hub, 401, "401003", "IotHubUnauthorized",
            "The hub could not verify the device: a token that has run out, another certificate, or a clock that is off by more than five minutes.",
            "Renew the token or the certificate, and set the device's clock.", cause: "credentials-expired"),
        ErrorCode(
            .hub, 401, "DEVICE_DISABLED", "DeviceDisabledInHub",
            "The identity is disabled in this hub, because the device has been moved to another.",
            "Have the device register with the provisioning service again, which tells it its hub.", cause: "moved-hub"),
        ErrorCode(.hub, 401, "DEVICE_BLOCKED", "DeviceBlocked", "An operator has blocked the device.", "Unblock the device.", cause: "blocked"),
        ErrorCode(
            .hub, 400, "400027", "ConnectionForcefullyClosedOnNewConnection",
            "The hub closed a connection because another one came with the same identity.", "Give each device an identity of its own.",
            cause: "two-clients"),
        ErrorCode(
            .hub, 400, "400029", "ConnectionForcefullyClosedOnFaultInjection", "The platform closed the connection while it was being updated.",
            "Nothing, if the device connects again; it passes.", cause: "platform-error"),
        ErrorCode(
            .hub, 400, "400030", "ConnectionRejectedOnFaultInjection", "The platform refused the connection while it was being updated.",
            "Nothing, if the device tries again; it passes.", cause: "platform-error"),
        ErrorCode(
            .hub, 403, "403012", "DeviceDisabled", "The device's identity is disabled in the hub.",
            "Enable the identity, or have the device provision again."),
        ErrorCode(
            .hub, 404, "404001", "DeviceNotFound", "The hub has no such device, or its identity is disabled.",
            "Register the device, or have it provision again.", cause: "deleted"),
        ErrorCode(
            .hub, 404, "404102", "DeviceNotOnline", "A command needs a connection, and the device had none; another number of 404103.",
            "Connect the device, or send when it is connected.", cause: "not-connected"),
        ErrorCode(
            .hub, 404, "404103", "DeviceNotOnline", "A command needs a connection, and the device had none.",
            "Connect the device, or send when it is connected.", cause: "not-connected"),
        ErrorCode(
            .hub, 404, "404104", "DeviceConnectionClosedRemotely",
            "The device closed the connection; about once an hour that is the renewal of its token.",
            "Nothing, unless it comes more often: then look at the device and its network."),
        ErrorCode(
            .hub, 409, "409001", "DeviceAlreadyExists", "Somebody registers a device whose id is taken.", "Use another id, or update the device."),
        ErrorCode(
            .hub, 409, "409002", "LinkCreationConflict", "A client opens a second connection of the same kind for one identity.",
            "Look for the first error before it; give each device an identity and one connection of its own.", cause: "two-clients"),
    ]
}
