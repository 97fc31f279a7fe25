namespace Portal.Tests.Shared;

/// <summary>The certificates that most tests of TLS need, good and bad, all under one root; made on first use.</summary>
public sealed class TestCertificates : IDisposable
{
    private readonly List<IDisposable> _made = [];
    private readonly Dictionary<string, object> _byName = [];

    public TestAuthority Root => Once(nameof(Root), () => TestAuthority.CreateRoot());

    public TestAuthority Intermediate => Once(nameof(Intermediate), () => Root.CreateIntermediate());

    /// <summary>A root of the same name with another key: what somebody else's CA of a default name looks like.</summary>
    public TestAuthority OtherRoot => Once(nameof(OtherRoot), () => TestAuthority.CreateRoot());

    /// <summary>For localhost, 127.0.0.1 and ::1.</summary>
    public TestCertificate Server => Once(nameof(Server), () => Root.CreateServer());

    /// <summary>As <see cref="Server"/>, issued by the intermediate.</summary>
    public TestCertificate ServerByIntermediate => Once(nameof(ServerByIntermediate), () => Intermediate.CreateServer());

    public TestCertificate ExpiredServer => Once(nameof(ExpiredServer), () => Root.CreateServer(Validity.Over));

    public TestCertificate NotYetValidServer => Once(nameof(NotYetValidServer), () => Root.CreateServer(Validity.NotYet));

    public TestCertificate WrongNameServer => Once(nameof(WrongNameServer), () => Root.CreateServer(names: "broker.elsewhere.example"));

    /// <summary>Common name "test-client".</summary>
    public TestCertificate Client => Once(nameof(Client), () => Root.CreateClient("test-client"));

    /// <summary>As <see cref="Client"/>, issued by the intermediate.</summary>
    public TestCertificate ClientByIntermediate => Once(nameof(ClientByIntermediate), () => Intermediate.CreateClient("test-client"));

    public TestCertificate ExpiredClient => Once(nameof(ExpiredClient), () => Root.CreateClient("test-client", Validity.Over));

    public void Dispose()
    {
        foreach (var made in _made)
            made.Dispose();
    }

    private T Once<T>(string name, Func<T> make)
        where T : class, IDisposable
    {
        lock (_byName)
        {
            if (_byName.TryGetValue(name, out var known))
                return (T)known;
            var made = make();
            _made.Add(made);
            _byName[name] = made;
            return made;
        }
    }
}
