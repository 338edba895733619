//! A connection to the broker, made by the settings.

use std::{io, path::PathBuf, time::Duration};

use async_nats::{Client, ConnectErrorKind, ConnectOptions, Event, connection::State, rustls};

use crate::settings::Settings;

/// The longest pause between two attempts to connect.
const RECONNECT_MAX: Duration = Duration::from_secs(8);
/// What the broker's lists of connections call us.
const NAME: &str = "sojourn";

/// What to do about a broker that does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Go on without it, and try again for ever.
    Wait,
    /// Say so at once.
    Once,
}

#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    #[error("{path} could not be read")]
    File { path: PathBuf, source: io::Error },
    #[error("a user of the broker needs both `user` and `password_file`")]
    HalfUser,
    #[error("a certificate of ours needs both `tls_certificate` and `tls_key`")]
    HalfCertificate,
    /// The words of the client may repeat what it was given, so that its kind alone is told.
    #[error("the broker cannot be reached: {0}")]
    Unreachable(ConnectErrorKind),
}

/// Connects; with [`Patience::Wait`] it comes back before the broker has answered.
pub async fn connect(settings: &Settings, patience: Patience) -> Result<Client, ConnectionError> {
    // Two crypto libraries are linked (the other by an HTTP client): TLS has to be told which is meant. Another part of
    // the program that said so before has said the same.
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    }
    let mut options = with_secrets(settings)
        .await?
        .name(NAME)
        .reconnect_delay_callback(|attempts| {
            let doubled = 100_u64.saturating_mul(1 << attempts.min(10));
            Duration::from_millis(doubled).min(RECONNECT_MAX)
        })
        .event_callback(|event| async move { tell(&event) });
    if patience == Patience::Wait {
        options = options.retry_on_initial_connect();
    }
    let connected = options.connect(settings.nats.0.clone()).await;
    connected.map_err(|error| ConnectionError::Unreachable(error.kind()))
}

/// Whether the broker is there now.
pub fn is_connected(client: &Client) -> bool {
    client.connection_state() == State::Connected
}

async fn with_secrets(settings: &Settings) -> Result<ConnectOptions, ConnectionError> {
    let mut options = ConnectOptions::new();
    if let Some(path) = &settings.credentials {
        options = options
            .credentials_file(path)
            .await
            .map_err(|source| ConnectionError::File {
                path: path.clone(),
                source,
            })?;
    }
    options = match (&settings.user, &settings.password_file) {
        (Some(user), Some(path)) => {
            let password = std::fs::read_to_string(path).map_err(|source| ConnectionError::File {
                path: path.clone(),
                source,
            })?;
            options.user_and_password(user.clone(), password.trim_end().to_owned())
        }
        (None, None) => options,
        (Some(_), None) | (None, Some(_)) => return Err(ConnectionError::HalfUser),
    };
    if let Some(authorities) = &settings.tls_authorities {
        options = options.add_root_certificates(authorities.clone());
    }
    match (&settings.tls_certificate, &settings.tls_key) {
        (Some(certificate), Some(key)) => {
            Ok(options.add_client_certificate(certificate.clone(), key.clone()))
        }
        (None, None) => Ok(options),
        (Some(_), None) | (None, Some(_)) => Err(ConnectionError::HalfCertificate),
    }
}

/// Words of the broker may name a subject, and with it a person by the id of a sector: kinds alone are told.
fn tell(event: &Event) {
    match event {
        Event::Connected => tracing::info!("the broker is there"),
        Event::Disconnected => tracing::warn!("the broker is away"),
        Event::ServerError(_) => tracing::warn!("the broker refused something; its log says what"),
        Event::ClientError(_) => tracing::warn!("the connection to the broker failed"),
        Event::SlowConsumer(_) => tracing::warn!("the broker sends faster than we read"),
        Event::LameDuckMode => tracing::info!("the broker is about to stop"),
        Event::Draining | Event::Closed => {}
    }
}
