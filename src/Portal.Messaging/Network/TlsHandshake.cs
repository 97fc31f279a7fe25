using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Network;

/// <summary>A TLS handshake as a client, with the certificate chain judged and every failure explained.</summary>
internal sealed class TlsHandshake(TimeProvider clock)
{
    /// <summary>
    /// With TLS 1.3 a server refuses a client certificate only after the handshake; so long its word is waited for. Most servers
    /// send session tickets at once when they accept, which ends the wait: only one that sends none, or is busy, uses it up.
    /// </summary>
    private static readonly TimeSpan _longestSecondLook = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _shortestSecondLook = TimeSpan.FromMilliseconds(500);

    /// <param name="transport">Closed with the stream of the result; the caller closes it when there is none.</param>
    /// <param name="targetName">The name that the certificate must hold.</param>
    public async Task<TlsResult> RunAsync(Stream transport, string targetName, ConnectionMaterial material, CancellationToken cancellationToken = default)
    {
        var watched = new WatchedStream(transport);
        var session = new Session(targetName, material, clock);
        var ssl = new SslStream(watched, leaveInnerStreamOpen: false);
        var started = clock.GetTimestamp();
        try
        {
            await ssl.AuthenticateAsClientAsync(session.Options(), cancellationToken);
            var result = session.Result(ssl, session.Verdict?.Problem);
            return result.Problem is null or { IsWarning: true } && session.MayBeRefusedLater(ssl)
                ? result with { Problem = await LookAgainAsync(ssl, watched, session, clock.GetElapsedTime(started), cancellationToken) ?? result.Problem }
                : result;
        }
        catch (Exception e) when (e is AuthenticationException or IOException or SocketException or InvalidOperationException)
        {
            var problem = session.Verdict?.Problem is { IsWarning: false } verdict ? verdict : TlsProblems.Explain(e, watched.FirstBytes, session);
            return session.Result(null, problem);
        }
    }

    private async Task<Problem?> LookAgainAsync(SslStream ssl, WatchedStream watched, Session session, TimeSpan handshake, CancellationToken cancellationToken)
    {
        var wait = handshake * 2;
        wait = wait < _shortestSecondLook ? _shortestSecondLook : wait > _longestSecondLook ? _longestSecondLook : wait;
        using var timer = new CancellationTokenSource(wait, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        var lookedAt = watched.LookedAtNext = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            // A read of nothing takes no data from the protocol above, but makes TLS look at what came.
            var read = ssl.ReadAsync(Memory<byte>.Empty, either.Token).AsTask();
            await Task.WhenAny(read, lookedAt.Task);
            await either.CancelAsync();
            await read;
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e) when (e is AuthenticationException or IOException or SocketException)
        {
            return TlsProblems.Explain(e, [], session);
        }
        finally
        {
            watched.LookedAtNext = null;
        }
    }

    /// <summary>What one handshake needs and learns.</summary>
    internal sealed class Session(string targetName, ConnectionMaterial material, TimeProvider clock)
    {
        public ChainVerdict? Verdict { get; private set; }

        /// <summary>True when the server asked for a client certificate; null when we offered one unasked.</summary>
        public bool? WasRequested { get; private set; } = material.ClientCertificate is null ? false : null;

        public bool HasClientCertificate => material.ClientCertificate is not null;

        public string TargetName => targetName;

        public SslClientAuthenticationOptions Options()
        {
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = targetName,
                CertificateChainPolicy = Policy(),
                RemoteCertificateValidationCallback = Judge,
            };
            if (material.ClientCertificate is { } certificate)
                options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, material.Intermediates, offline: true);
            else
                options.LocalCertificateSelectionCallback = NoteRequest;
            return options;
        }

        public bool MayBeRefusedLater(SslStream ssl) => ssl.SslProtocol is SslProtocols.Tls13 && WasRequested is not false;

        public TlsResult Result(SslStream? ssl, Problem? problem) => new(ssl, problem)
        {
            Protocol = ssl is null ? null : NameOf(ssl.SslProtocol),
            Cipher = ssl?.NegotiatedCipherSuite.ToString(),
            Chain = Verdict?.Chain ?? [],
            Checks = [.. ssl is null ? [] : new[] { new TlsCheck("protocol", true, $"{NameOf(ssl.SslProtocol)}, {ssl.NegotiatedCipherSuite}") }, .. Verdict?.Checks ?? []],
            ClientCertificateRequested = WasRequested,
        };

        // No downloads and no revocation lists: a server must not make the portal fetch from addresses of its choice.
        private X509ChainPolicy Policy()
        {
            var policy = new X509ChainPolicy
            {
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
                ApplicationPolicy = { new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1") },
            };
            if (material.TrustedCas is null)
                return policy;
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(material.TrustedCas);
            return policy;
        }

        private bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            Verdict = ChainJudge.Judge(certificate, chain, errors, targetName, material, clock);
            // Completing the handshake shows protocol and cipher too; a client certificate is for trusted servers only.
            return Verdict.Problem is null or { IsWarning: true } || !HasClientCertificate;
        }

        private X509Certificate NoteRequest(object sender, string host, X509CertificateCollection local, X509Certificate? remote, string[] issuers)
        {
            WasRequested |= remote is not null || issuers.Length > 0;
            return null!;
        }

        private static string NameOf(SslProtocols protocol) => protocol switch
        {
            SslProtocols.Tls13 => "TLS 1.3",
            SslProtocols.Tls12 => "TLS 1.2",
            _ => protocol.ToString(),
        };
    }
}
