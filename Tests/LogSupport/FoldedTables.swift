package import Postgres

/// Forgets everything that projections have folded, so that they begin at the start of the log again.
package func forgetFolds(on connection: inout Connection) throws(PostgresError) {
    try connection.execute(
        script: """
            TRUNCATE hindcast.projection_checkpoint, hindcast.device_state, hindcast.device_life, hindcast.device_hour, hindcast.source_hour,
                hindcast.device_verdict, hindcast.verdict_hour, hindcast.source_verdict_hour, hindcast.finding, hindcast.finding_hour,
                hindcast.device_property, hindcast.device_error, hindcast.export_event, hindcast.epoch
            """)
}
