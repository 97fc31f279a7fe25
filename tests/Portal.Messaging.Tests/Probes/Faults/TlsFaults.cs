using System.Security.Cryptography.X509Certificates;
using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;
using Portal.Messaging.Tests.Support.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Probes.Faults;

/// <summary>TLS, over real mosquitto where it can be made to fail so, else over a server that sends the alert.</summary>
internal static class TlsFaults
{
    public static IEnumerable<Fault> All =>
    [
        Server("expired certificate", "tls-expired", "Renew", bench => bench.Certificates.ExpiredServer),
        Server("certificate of tomorrow", "tls-not-yet-valid", "clocks", bench => bench.Certificates.NotYetValidServer),
        Server("certificate for another name", "tls-name-mismatch", "broker.elsewhere.example", bench => bench.Certificates.WrongNameServer),
        Server("certificate of a client", "tls-wrong-usage", "serverAuth", bench => bench.Own(bench.Certificates.Root.CreateClient("localhost"))),
        Server("certificate that expires soon", "tls-expires-soon", "Renew", bench => bench.Own(bench.Certificates.Root.CreateServer(new Validity(TimeSpan.FromDays(-80), TimeSpan.FromDays(9.5)))), isWarning: true),
        Server("missing intermediate", "tls-missing-intermediate", "append", bench => new TestCertificate(bench.Certificates.ServerByIntermediate.Certificate, "")),
        Server("expired intermediate", "tls-ca-expired", "CA certificate", bench => bench.Own(SpecialCertificates.OutlivingItsIssuer(bench.Own(bench.Certificates.Root.CreateIntermediate("Old Issuing CA", Validity.Over)), "localhost"))),
        Server("issued by a server", "tls-issuer-not-a-ca", "basic constraints", bench => bench.Own(SpecialCertificates.IssuedBy(bench.Own(bench.Certificates.Root.CreateServer(names: "issuer.example")), "localhost"))),
        Server("changed signature", "tls-bad-signature", "again", bench => bench.Own(SpecialCertificates.WithOtherSignature(bench.Certificates.Root, bench.Certificates.OtherRoot, "localhost"))),
        Server("CA of the same name", "tls-untrusted-root", "present certificate", bench => bench.Certificates.Server, bench => bench.Trust(bench.Certificates.OtherRoot)),
        Server("root that is sent but not trusted", "tls-untrusted-root", "fingerprint", bench => new TestCertificate(bench.Certificates.ServerByIntermediate.Certificate, bench.Certificates.Intermediate.ChainPem), bench => bench.Trust(bench.Own(TestAuthority.CreateRoot("Leipzig OT Root 2019")))),
        Server("issuer that is unknown", "tls-untrusted-root", "as PEM", bench => bench.Certificates.Server, bench => bench.Trust(bench.Own(TestAuthority.CreateRoot("Some other CA")))),
        Server("self-signed certificate", "tls-untrusted-root", "owner", bench => bench.Own(SpecialCertificates.SelfSigned("localhost"))),
        new("private CA without a config map", TestStage.Tls, "tls-untrusted-root", "config map", async bench =>
            await bench.TlsAsync((await bench.MosquittoAsync(new MosquittoListener { Certificate = bench.Certificates.Server })).Port, ca: null)),
        new("client certificate wanted", TestStage.Tls, "tls-client-certificate-required", "client_cert.pem", async bench =>
        {
            bench.Trust();
            return await bench.TlsAsync((await bench.MosquittoAsync(new MosquittoListener { Certificate = bench.Certificates.Server, ClientAuthority = bench.Certificates.Root })).Port);
        }),
        new("client certificate with a short key", TestStage.Tls, "tls-client-certificate-weak", "2048 bits", async bench =>
        {
            bench.Trust();
            var method = SpecialCertificates.AddClient(bench.Fixture.Secrets, bits: 1024);
            return await bench.TlsAsync((await bench.MosquittoAsync(new MosquittoListener { Certificate = bench.Certificates.Server, ClientAuthority = bench.Certificates.Root })).Port, authentication: method);
        }),
        new("client certificate of a stranger", TestStage.Tls, "tls-client-certificate-rejected", "client_intermediate_certs.pem", async bench =>
        {
            bench.Trust();
            var method = bench.Fixture.AddClientCertificate(bench.Own(bench.Own(TestAuthority.CreateRoot("Stranger CA")).CreateClient("stranger")));
            return await bench.TlsAsync((await bench.MosquittoAsync(new MosquittoListener { Certificate = bench.Certificates.Server, ClientAuthority = bench.Certificates.Root })).Port, authentication: method);
        }),
        new("plain MQTT broker", TestStage.Tls, "tls-plain-server", "off", async bench =>
        {
            bench.Trust();
            return await bench.TlsAsync((await bench.MosquittoAsync()).Port);
        }),
        new("plain Kafka broker", TestStage.Tls, "tls-plain-server", "9093", bench => bench.Fixture.RunAsync(ProbeFixture.Kafka($"127.0.0.1:{bench.Cluster().Ports[0]}", tls: true, ca: null))),
        new("web server", TestStage.Tls, "tls-plain-server", "8883", bench => bench.TlsAsync(bench.Own(RawServer.Answering("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")).Port, ca: null)),
        new("closes in the handshake", TestStage.Tls, "tls-closed", "TLS listener", bench => bench.TlsAsync(bench.Own(RawServer.Closing()).Port, ca: null)),
        new("cuts in the handshake", TestStage.Tls, "tls-closed", "log", bench => bench.TlsAsync(bench.Own(RawServer.Resetting()).Port, ca: null)),
        Alert("old TLS", 70, "tls-protocol", "TLS 1.2"),
        Alert("no common cipher", 40, "tls-protocol", "ciphers"),
        Alert("internal error", 80, "tls-refused", "log"),
        Alert("unknown name", 112, "tls-name-refused", "host name"),
        new("Kafka that closes after the client certificate", TestStage.SignIn, "signin-certificate-refused", "client_intermediate_certs.pem", bench =>
        {
            bench.Trust();
            var method = bench.Fixture.AddClientCertificate(bench.Own(bench.Own(TestAuthority.CreateRoot("Stranger CA")).CreateClient("stranger")));
            var gateway = bench.Gateway(new GatewayOptions { Tls = new() { ServerCertificate = bench.Certificates.Server.Certificate, ClientCertificateRequired = true, CertificateChainPolicy = Only(bench.Certificates.Root) } });
            return bench.Fixture.RunAsync(ProbeFixture.Kafka($"localhost:{gateway.Port}", tls: true, authentication: method));
        }),
    ];

    private static X509ChainPolicy Only(TestAuthority root) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { root.Certificate },
        RevocationMode = X509RevocationMode.NoCheck,
    };

    private static Fault Server(string title, string cause, string fix, Func<FaultBench, TestCertificate> certificate, Action<FaultBench>? trust = null, bool isWarning = false) => new(title, TestStage.Tls, cause, fix, async bench =>
    {
        (trust ?? (one => one.Trust()))(bench);
        return await bench.TlsAsync((await bench.MosquittoAsync(new MosquittoListener { Certificate = certificate(bench) })).Port);
    })
    { IsWarning = isWarning };

    // An alert as a server sends it instead of its hello: record 0x15 of TLS 1.2, level fatal.
    private static Fault Alert(string title, byte code, string cause, string fix) => new($"alert: {title}", TestStage.Tls, cause, fix, bench =>
        bench.TlsAsync(bench.Own(RawServer.Answering([0x15, 3, 3, 0, 2, 2, code])).Port, ca: null));
}
