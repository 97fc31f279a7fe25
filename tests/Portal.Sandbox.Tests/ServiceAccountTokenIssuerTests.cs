using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Portal.Sandbox.Identity;
using Portal.Tests.Shared;

namespace Portal.Sandbox.Tests;

public sealed class ServiceAccountTokenIssuerTests : IDisposable
{
    private const string Audience = "aio-internal";
    private static readonly TimeSpan _lifetime = TimeSpan.FromMinutes(10);
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_token_file_is_renewed_before_its_token_expires_and_not_earlier()
    {
        using var issuer = Open();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var file = issuer.TokenFileFor(Audience);
        var first = File.ReadAllText(file);
        var renewing = issuer.RunAsync(NullLogger.Instance, stop.Token);

        _time.Advance(_lifetime * 0.79);
        Assert.Equal(first, File.ReadAllText(file));

        _time.Advance(_lifetime * 0.04);
        await Wait.UntilAsync(() => File.ReadAllText(file) != first, "the token file is renewed");
        _time.Advance(_lifetime * 0.5);
        Assert.Null(issuer.Verify(File.ReadAllBytes(file), Audience).Refusal);
        Assert.NotNull(issuer.Verify(System.Text.Encoding.UTF8.GetBytes(first), Audience).Refusal);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => renewing);
    }

    [Fact]
    public void Only_the_owner_may_read_tokens_and_keys()
    {
        using var issuer = Open();
        issuer.TokenFileFor(Audience);

        var files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);
        Assert.Equal(2, files.Length);
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void Each_audience_has_a_file_of_its_own_inside_the_folder()
    {
        using var issuer = Open();
        string[] audiences = [Audience, "https://eventgrid.azure.net", "https:__eventgrid.azure.net", "..", "../..", "a/b", new('x', 300)];

        var files = audiences.Select(issuer.TokenFileFor).ToList();

        Assert.Equal(audiences.Length, files.Distinct().Count());
        Assert.Equal(audiences.Length, Directory.GetFiles(_folder.Combine("tokens")).Length);
        Assert.All(audiences.Zip(files), pair => Assert.Null(issuer.Verify(File.ReadAllBytes(pair.Second), pair.First).Refusal));
        Assert.Equal(audiences.Order(), issuer.Files.Keys.Order());
    }

    [Fact]
    public void Tokens_outlive_a_restart()
    {
        string token;
        using (var before = Open())
            token = File.ReadAllText(before.TokenFileFor(Audience));

        using var after = Open();
        Assert.Null(after.Verify(System.Text.Encoding.UTF8.GetBytes(token), Audience).Refusal);
    }

    [Fact]
    public void A_damaged_key_is_replaced()
    {
        _folder.Write("token-key.pem", "half a key");

        using var issuer = Open();
        Assert.Null(issuer.Verify(File.ReadAllBytes(issuer.TokenFileFor(Audience)), Audience).Refusal);
    }

    private ServiceAccountTokenIssuer Open() => ServiceAccountTokenIssuer.Open(_folder.Path, _lifetime, _time);
}
