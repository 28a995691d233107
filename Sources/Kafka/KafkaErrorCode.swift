import CRdKafka

extension KafkaError {
    /// librdkafka's error number: below zero the client's own, above zero the Kafka protocol's.
    ///
    /// Open: a newer broker may answer with a number that has no constant here.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: Int32

        package init(rawValue: Int32) { self.rawValue = rawValue }

        init(_ code: rd_kafka_resp_err_t) { rawValue = code.rawValue }

        /// The number as librdkafka wants it.
        var response: rd_kafka_resp_err_t { rd_kafka_resp_err_t(rawValue: rawValue) }

        /// The name librdkafka gives it, as `UNKNOWN_TOPIC_OR_PART`; a leading underscore marks the client's own.
        package var name: String { unsafe String(cString: rd_kafka_err2name(response)) }

        /// librdkafka's sentence for it.
        package var reason: String { unsafe String(cString: rd_kafka_err2str(response)) }
    }
}

extension KafkaError.Code {
    /// A property or an argument is not acceptable.
    package static let invalidArgument = Self(RD_KAFKA_RESP_ERR__INVALID_ARG)
    /// The client's state does not allow the call, for example after `close`.
    package static let wrongState = Self(RD_KAFKA_RESP_ERR__STATE)
    /// No answer within the time given.
    package static let timedOut = Self(RD_KAFKA_RESP_ERR__TIMED_OUT)
    /// A connection failed or was closed.
    package static let transport = Self(RD_KAFKA_RESP_ERR__TRANSPORT)
    /// A broker's host name does not resolve.
    package static let resolve = Self(RD_KAFKA_RESP_ERR__RESOLVE)
    /// No broker can be reached at the moment.
    package static let allBrokersDown = Self(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
    /// The broker refused the credentials.
    package static let authentication = Self(RD_KAFKA_RESP_ERR__AUTHENTICATION)
    /// TLS could not be established.
    package static let tls = Self(RD_KAFKA_RESP_ERR__SSL)
    /// The producer's queue is full.
    package static let queueFull = Self(RD_KAFKA_RESP_ERR__QUEUE_FULL)
    /// The record was purged from the producer's queue before it was sent.
    package static let purgedFromQueue = Self(RD_KAFKA_RESP_ERR__PURGE_QUEUE)
    /// The record was purged while it was under way: it may have been stored.
    package static let purgedInFlight = Self(RD_KAFKA_RESP_ERR__PURGE_INFLIGHT)
    /// The record was not delivered within `message.timeout.ms`.
    package static let messageTimedOut = Self(RD_KAFKA_RESP_ERR__MSG_TIMED_OUT)
    /// The record is larger than the topic or `message.max.bytes` allows.
    package static let messageTooLarge = Self(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
    /// The topic or partition does not exist, says the broker.
    package static let unknownTopicOrPartition = Self(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
    /// The topic does not exist, says the client's own copy of the metadata.
    package static let unknownTopic = Self(RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC)
    /// The partition does not exist, says the client's own copy of the metadata.
    package static let unknownPartition = Self(RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION)
    /// The topic already exists.
    package static let topicAlreadyExists = Self(RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
    /// This login may not use the topic.
    package static let topicAuthorizationFailed = Self(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
    /// This login may not use the group.
    package static let groupAuthorizationFailed = Self(RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED)
    /// The broker does not hold the offset asked for.
    package static let offsetOutOfRange = Self(RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE)
    /// The client was told not to choose another offset by itself (`auto.offset.reset=error`).
    package static let autoOffsetReset = Self(RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET)
    /// Nothing was polled for `max.poll.interval.ms`: the consumer has left its group.
    package static let maxPollExceeded = Self(RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED)
    /// The broker does not know this member of the group any more.
    package static let unknownMember = Self(RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID)
    /// The group has moved on to another generation.
    package static let illegalGeneration = Self(RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION)
    /// The group is being rebalanced.
    package static let rebalanceInProgress = Self(RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS)
    /// Another member with the same `group.instance.id` took over.
    package static let fencedInstance = Self(RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID)
    /// No offset was stored, or none to commit.
    package static let noOffset = Self(RD_KAFKA_RESP_ERR__NO_OFFSET)
    /// The client instance failed for good.
    package static let fatal = Self(RD_KAFKA_RESP_ERR__FATAL)
    /// The broker lacks something that a property demands.
    package static let unsupportedFeature = Self(RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE)

    /// Whether waiting alone can cure it.
    package var isTransient: Bool {
        switch self {
        case .timedOut, .transport, .resolve, .allBrokersDown, .queueFull, .rebalanceInProgress, .messageTimedOut: true
        case Self(RD_KAFKA_RESP_ERR__WAIT_COORD), Self(RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE), Self(RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE),
            Self(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION), Self(RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT),
            Self(RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE), Self(RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS),
            Self(RD_KAFKA_RESP_ERR_NOT_COORDINATOR), Self(RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS),
            Self(RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND), Self(RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE),
            Self(RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION):
            true
        default: false
        }
    }

    /// What the operator can do, for the codes that an operator meets.
    package var advice: String? {
        switch self {
        case .transport, .resolve, .allBrokersDown, .timedOut:
            "Check bootstrap.servers, the network, and that security.protocol is the one the broker's port speaks"
        case .authentication: "Check sasl.mechanism, sasl.username and sasl.password"
        case .tls: "Check ssl.ca.location and that the broker's certificate names the host in bootstrap.servers"
        case .topicAuthorizationFailed: "Grant this login Read and Describe on the topic (Write to produce)"
        case .groupAuthorizationFailed: "Grant this login Read on the group named by group.id"
        case .unknownTopic, .unknownTopicOrPartition: "Create the topic, or correct its name in the settings"
        case .messageTooLarge: "Raise message.max.bytes here and max.message.bytes on the topic, or send less"
        case .queueFull: "Produce more slowly, or raise queue.buffering.max.messages and queue.buffering.max.kbytes"
        case .maxPollExceeded: "Raise max.poll.interval.ms, or find out what kept the consumer's thread from polling"
        case .fencedInstance: "Give every process a group.instance.id of its own"
        case .autoOffsetReset, .offsetOutOfRange: "The start position has to be chosen again: the broker does not hold this offset"
        case .unsupportedFeature: "Use a newer broker, or a librdkafka of 2.2 or later"
        default: nil
        }
    }
}
