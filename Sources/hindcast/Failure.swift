import ArgumentParser
import Catalog
import Diagnostics
import EventLog
import Exports
import Ingest
import Kafka
import Postgres
import Projections
import Replay
import Simulation

/// What an error means for the exit status.
enum Failure {
    /// The error as a sentence with a status; nil for what the argument parser has to say itself.
    static func of(_ error: any Error) -> OperatorError? {
        switch error {
        case let error as OperatorError: error
        case let error as Verdict: OperatorError(error.status, "")
        case let error as PostgresError: OperatorError(status(of: error), sentence(error))
        case let error as AppendError:
            OperatorError(error.code == .postgres ? error.cause.map(status(of:)) ?? .database : .fenced, error.description)
        case let error as CatalogError: of(error)
        case let error as KafkaError: OperatorError(error.code == .invalidArgument ? .usage : .broker, error.description)
        case let error as IngestError: OperatorError(status(of: error), error.description)
        case let error as ProjectionError:
            if let database = error.database {
                OperatorError(status(of: database), sentence(database))
            } else {
                error.catalog.map(of) ?? OperatorError(.unknown, error.description)
            }
        case let error as ReplayError: of(error)
        case let error as ExportJobError: of(error)
        case let error as ExportFileError: OperatorError(.usage, error.description)
        case let error as PlanFileError: OperatorError(.usage, error.description)
        case is CancellationError: OperatorError(.success, "")
        case is ExitCode, is ValidationError, is CleanExit: nil
        default:
            // The argument parser's own errors have types of its own.
            HindcastCommand.exitCode(for: error) == .failure ? OperatorError(.unknown, "Something unexpected went wrong: \(error).") : nil
        }
    }

    private static func of(_ error: CatalogError) -> OperatorError {
        if let database = error.database { return OperatorError(status(of: database), sentence(database)) }
        return OperatorError(error.code == .ruleSetNewer ? .notMigrated : .usage, error.description)
    }

    private static func of(_ error: ReplayError) -> OperatorError {
        if let database = error.database { return OperatorError(status(of: database), sentence(database)) }
        if let catalog = error.catalog { return of(catalog) }
        let status: ExitStatus =
            switch error.code {
            case .budgetExceeded, .digestDiffers: .negative
            case .runUnknown, .stateWrong, .requestInvalid, .notPromotable: .usage
            case .behind, .liveMoved, .fenced: .fenced
            default: .unknown
            }
        return OperatorError(status, error.description)
    }

    private static func of(_ error: ExportJobError) -> OperatorError {
        if let database = error.database { return OperatorError(status(of: database), sentence(database)) }
        let status: ExitStatus =
            switch error.code {
            case .requestInvalid: .usage
            case .kafka, .destinationUnreadable: .broker
            case .fenced: .fenced
            default: .unknown
            }
        return OperatorError(status, error.description)
    }

    private static func status(of error: PostgresError) -> ExitStatus {
        switch error.code {
        case .databaseNewer, .migrationChanged: .notMigrated
        case .invalidSettings, .invalidIdentifier: .usage
        default:
            switch error.sqlState {
            // Also a function (42883) or a column (42703) that is not there.
            case .undefinedTable, .invalidSchemaName, SQLState(rawValue: "42883"), SQLState(rawValue: "42703"): .notMigrated
            default: .database
            }
        }
    }

    private static func sentence(_ error: PostgresError) -> String {
        switch status(of: error) {
        case .notMigrated where error.code == .server:
            "The database lacks something that this program needs (\(error)); run `hindcast migrate`."
        case .database where error.code == .connectionFailed:
            "Cannot connect to Postgres: \(error). Check postgres.url (\(SettingKey.postgresURL.environmentName)), and that the server runs."
        case .success, .negative, .usage, .unknown, .notMigrated, .database, .broker, .fenced: "\(error)"
        }
    }

    private static func status(of error: IngestError) -> ExitStatus {
        switch error.code {
        case .fenced, .stoppedForSafety: .fenced
        case .kafka: .broker
        case .postgres: .database
        case .capture, .settings: .usage
        default: .unknown
        }
    }
}

/// Ends a command whose output has said everything already.
struct Verdict: Error {
    let status: ExitStatus
}
