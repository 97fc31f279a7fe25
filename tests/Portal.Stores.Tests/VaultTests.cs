using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portal.Model.Ports;
using Portal.Stores.Tests.Support;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests;

public sealed class VaultTests : IDisposable
{
    private const string Value = "correct-horse-battery-staple";
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_value_goes_in_and_comes_out_for_a_connection_alone()
    {
        await using var portal = await StartAsync();
        Saved(await portal.Secrets.SetVaultAsync("Line3-Password", new SecretValue(Value), Now.AddDays(-1), Now.AddDays(90)));
        Saved(await portal.Secrets.SaveSyncedAsync(new SyncedSecret("line3", new Dictionary<string, string> { ["password"] = "line3-password" })));

        var listed = Assert.Single(await portal.Secrets.ListVaultAsync());
        Assert.Equal(new VaultSecret("Line3-Password", Now, Now.AddDays(-1), Now.AddDays(90)), listed);
        var entry = Assert.Single((await portal.SecretReader.ResolveAsync("line3"))!);
        Assert.Equal(("password", Value), (entry.Key, entry.Value!.Reveal()));
        Assert.Null(await portal.SecretReader.ResolveAsync("line4"));
    }

    [Fact]
    public async Task Secrets_survive_a_restart()
    {
        await using (var portal = await StartAsync())
        {
            Saved(await portal.Secrets.SetVaultAsync("password", new SecretValue(Value), null, null));
            Saved(await portal.Secrets.SaveSyncedAsync(new SyncedSecret("line3", new Dictionary<string, string> { ["password"] = "password", ["username"] = "password" })));
        }

        await using var again = await StartAsync();
        Assert.Null(Assert.Single(await again.Secrets.ListVaultAsync()).Problem);
        Assert.Equal(["password", "username"], Assert.Single(await again.Secrets.ListSyncedAsync()).Entries.Keys);
        Assert.All((await again.SecretReader.ResolveAsync("line3"))!, entry => Assert.Equal(Value, entry.Value!.Reveal()));
    }

    [Fact]
    public async Task No_value_stands_in_clear_in_the_folder_the_log_or_any_text_form()
    {
        await using var portal = await StartAsync();
        var secret = new SecretValue(Value);
        Saved(await portal.Secrets.SetVaultAsync("password", secret, null, null));
        Saved(await portal.Secrets.SaveSyncedAsync(new SyncedSecret("line3", new Dictionary<string, string> { ["password"] = "password" })));
        var listed = await portal.Secrets.ListVaultAsync();
        var resolved = await portal.SecretReader.ResolveAsync("line3");
        var refused = await portal.Secrets.SetVaultAsync("not a name", secret, null, null);

        var texts = new List<string?>
        {
            portal.Log.Text, secret.ToString(), JsonSerializer.Serialize(secret), string.Concat(listed), JsonSerializer.Serialize(listed),
            string.Concat(resolved!), JsonSerializer.Serialize(resolved), refused.ToString(), JsonSerializer.Serialize<object>(refused),
            string.Concat(Assert.IsType<StoreResult.Invalid>(refused).Findings),
        };
        Assert.DoesNotContain(texts, text => text!.Contains(Value, StringComparison.Ordinal));
        var files = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("vault/secrets/password.json", StringComparison.Ordinal));
        foreach (var form in Forms())
            Assert.DoesNotContain(files, file => File.ReadAllBytes(file).AsSpan().IndexOf(form) >= 0);
    }

    [Fact]
    public async Task Folders_and_files_are_for_the_user_that_runs_the_portal_alone()
    {
        await using var portal = await StartAsync();
        Saved(await portal.Secrets.SetVaultAsync("password", new SecretValue(Value), null, null));

        foreach (var path in new[] { "vault", "vault/secrets", "vault/synced", "keys", "history" })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Combine(path)));
        var files = Directory.GetFiles(folder.Combine("vault"), "*", SearchOption.AllDirectories).Concat(Directory.GetFiles(folder.Combine("keys"))).ToList();
        Assert.Equal(2, files.Count);
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task A_value_whose_keys_are_lost_is_a_problem_of_that_entry_and_can_be_set_again()
    {
        await using (var portal = await StartAsync())
        {
            Saved(await portal.Secrets.SetVaultAsync("password", new SecretValue(Value), null, null));
            Saved(await portal.Secrets.SaveSyncedAsync(new SyncedSecret("line3", new Dictionary<string, string> { ["password"] = "password" })));
        }
        Directory.Delete(folder.Combine("keys"), recursive: true);

        await using var again = await StartAsync();
        var broken = Assert.Single(await again.Secrets.ListVaultAsync());
        Assert.Contains("cannot be decrypted", broken.Problem);
        Assert.Contains("Set the value again", broken.Problem);
        var entry = Assert.Single((await again.SecretReader.ResolveAsync("line3"))!);
        Assert.Null(entry.Value);
        Assert.Equal(broken, entry.Secret);
        Saved(await again.Secrets.SetVaultAsync("password", new SecretValue("new"), null, null));
        Assert.Null(Assert.Single(await again.Secrets.ListVaultAsync()).Problem);
        Assert.Equal("new", Assert.Single((await again.SecretReader.ResolveAsync("line3"))!).Value!.Reveal());
    }

    [Fact]
    public async Task A_file_that_is_swapped_for_another_does_not_pass()
    {
        await using var portal = await StartAsync();
        Saved(await portal.Secrets.SetVaultAsync("mine", new SecretValue(Value), null, null));
        Saved(await portal.Secrets.SetVaultAsync("theirs", new SecretValue("other"), null, null));
        File.Copy(folder.Combine("vault/secrets/theirs.json"), folder.Combine("vault/secrets/mine.json"), overwrite: true);

        Assert.Single(await portal.Secrets.ListVaultAsync(), secret => secret.Problem is not null);
    }

    [Fact]
    public async Task Broken_files_are_shown_and_set_anew()
    {
        folder.Write("vault/secrets/torn.json", "{ \"name\": \"torn\", \"protected\": \"" + Value);
        folder.Write("vault/synced/line3.json", "[]");
        await using var portal = await StartAsync();

        var secret = Assert.Single(await portal.Secrets.ListVaultAsync());
        Assert.Equal("torn", secret.Name);
        Assert.Contains("vault/secrets/torn.json cannot be read: line 1", secret.Problem);
        Assert.Contains("vault/synced/line3.json", Assert.Single(await portal.Secrets.ListSyncedAsync()).Problem);
        Assert.Contains("vault/synced/line3.json", (await Assert.ThrowsAsync<SecretsUnavailableException>(() => portal.Secrets.FindSyncedAsync("line3"))).Message);
        Assert.Null(await portal.Secrets.FindSyncedAsync("line4"));
        Assert.DoesNotContain(Value, portal.Log.Text + secret, StringComparison.Ordinal);
        Saved(await portal.Secrets.SetVaultAsync("torn", new SecretValue(Value), null, null));
        Assert.Null(Assert.Single(await portal.Secrets.ListVaultAsync()).Problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("../keys/key")]
    [InlineData("line3.password")]
    [InlineData("tail\n")]
    public async Task Names_that_the_key_vault_would_refuse_are_refused(string name)
    {
        await using var portal = await StartAsync();
        var invalid = Assert.IsType<StoreResult.Invalid>(await portal.Secrets.SetVaultAsync(name, new SecretValue(Value), null, null));
        Assert.Equal("secret-name", Assert.Single(invalid.Findings).Code);
        Assert.IsType<StoreResult.Conflict>(await portal.Secrets.DeleteVaultAsync(name));
        Assert.Empty(Directory.GetFiles(folder.Combine("vault"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Every_problem_of_a_value_is_named_at_once()
    {
        await using var portal = await StartAsync();
        var longName = new string('a', 128);
        var invalid = Assert.IsType<StoreResult.Invalid>(await portal.Secrets.SetVaultAsync(longName, new SecretValue(new string('x', (25 * 1024) + 1)), Now, Now));
        Assert.Equal(["secret-name", "secret-too-large", "secret-dates"], invalid.Findings.Select(finding => finding.Code));
        Assert.Equal("secret-empty", Assert.Single(Assert.IsType<StoreResult.Invalid>(await portal.Secrets.SetVaultAsync("a", new SecretValue(""), null, null)).Findings).Code);
        Saved(await portal.Secrets.SetVaultAsync(longName[1..], new SecretValue(new string('x', 25 * 1024)), null, null));
    }

    [Fact]
    public async Task A_synced_secret_needs_valid_keys_and_secrets_that_exist()
    {
        await using var portal = await StartAsync();
        Saved(await portal.Secrets.SetVaultAsync("there", new SecretValue(Value), null, null));
        var invalid = Assert.IsType<StoreResult.Invalid>(await portal.Secrets.SaveSyncedAsync(
            new SyncedSecret("../Line3", new Dictionary<string, string> { ["user name"] = "there", ["password"] = "../there", ["client_cert.pem"] = "there" })));
        Assert.Equal(["synced-secret-name", "synced-secret-key", "vault-secret-missing"], invalid.Findings.Select(finding => finding.Code));
        Assert.Equal("synced-secret-empty", Assert.Single(Assert.IsType<StoreResult.Invalid>(
            await portal.Secrets.SaveSyncedAsync(new SyncedSecret("line3", new Dictionary<string, string>()))).Findings).Code);
        Assert.Null(await portal.SecretReader.ResolveAsync("../../keys/x"));
    }

    [Fact]
    public async Task A_secret_in_use_stays_until_nothing_refers_to_it()
    {
        await using var portal = await StartAsync();
        Saved(await portal.Secrets.SetVaultAsync("password", new SecretValue(Value), null, null));
        Saved(await portal.Secrets.SaveSyncedAsync(new SyncedSecret("line3", new Dictionary<string, string> { ["password"] = "Password" })));

        var denied = Assert.IsType<StoreResult.Denied>(await portal.Secrets.DeleteVaultAsync("password"));
        Assert.Contains("'line3'", denied.Message);
        Saved(await portal.Secrets.DeleteSyncedAsync("line3"));
        Saved(await portal.Secrets.DeleteVaultAsync("password"));
        Assert.IsType<StoreResult.Conflict>(await portal.Secrets.DeleteVaultAsync("password"));
        Assert.IsType<StoreResult.Conflict>(await portal.Secrets.DeleteSyncedAsync("line3"));
        Assert.Empty(await portal.Secrets.ListVaultAsync());
    }

    [Fact]
    public async Task A_second_portal_on_the_folder_sees_what_the_first_sets()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        Saved(await first.Secrets.SetVaultAsync("password", new SecretValue("one"), null, null));
        Saved(await first.Secrets.SaveSyncedAsync(new SyncedSecret("line3", new Dictionary<string, string> { ["password"] = "password" })));
        Assert.Equal("one", Assert.Single((await second.SecretReader.ResolveAsync("line3"))!).Value!.Reveal());
        Saved(await second.Secrets.SetVaultAsync("password", new SecretValue("two"), null, Now.AddDays(1)));
        Assert.Equal(Now.AddDays(1), Assert.Single(await first.Secrets.ListVaultAsync()).ExpirationDate);
        Assert.Equal("two", Assert.Single((await first.SecretReader.ResolveAsync("line3"))!).Value!.Reveal());
    }

    [Fact]
    public async Task A_full_disk_leaves_the_old_value_and_says_what_to_do()
    {
        var disk = new FailingDisk();
        await using var portal = await StartAsync(disk.Use);
        Saved(await portal.Secrets.SetVaultAsync("password", new SecretValue(Value), null, null));
        Saved(await portal.Secrets.SaveSyncedAsync(new SyncedSecret("line3", new Dictionary<string, string> { ["password"] = "password" })));

        disk.Failure = FailingDisk.Error(FailingDisk.NoSpace);
        var result = Assert.IsType<StoreResult.Unavailable>(await portal.Secrets.SetVaultAsync("password", new SecretValue("new"), null, null));
        Assert.Contains("no room left", result.Message);
        Assert.Contains("Free some space", result.Fix);
        Assert.Equal(Value, Assert.Single((await portal.SecretReader.ResolveAsync("line3"))!).Value!.Reveal());
        Assert.Single(Directory.GetFiles(folder.Combine("vault/secrets")));
    }

    [Fact]
    public async Task No_secret_is_stored_with_a_key_that_could_not_be_stored()
    {
        var disk = new FailingDisk { Failure = FailingDisk.Error(FailingDisk.ReadOnly) };
        await using var portal = await StartAsync(disk.Use);
        var denied = Assert.IsType<StoreResult.Denied>(await portal.Secrets.SetVaultAsync("password", new SecretValue(Value), null, null));
        Assert.Contains("keys", denied.Message);
        Assert.Contains("read-only", denied.Message);
        Assert.Contains("lives only until the portal ends", portal.Log.Text);

        disk.Failure = null;
        Saved(await portal.Secrets.SetVaultAsync("password", new SecretValue(Value), null, null));
        await using var again = await StartAsync();
        Assert.Null(Assert.Single(await again.Secrets.ListVaultAsync()).Problem);
    }

    [Fact]
    public async Task Changes_are_told_and_a_listener_that_fails_harms_nobody()
    {
        await using var portal = await StartAsync();
        var told = 0;
        portal.Secrets.Changed += () => throw new InvalidOperationException("a page that is gone");
        portal.Secrets.Changed += () => told++;
        Saved(await portal.Secrets.SetVaultAsync("password", new SecretValue(Value), null, null));
        Assert.IsType<StoreResult.Conflict>(await portal.Secrets.DeleteVaultAsync("other"));
        Saved(await portal.Secrets.DeleteVaultAsync("password"));
        Assert.Equal(2, told);
        Assert.Contains("a page that is gone", portal.Log.Text);
    }

    private Task<TestPortal> StartAsync(Action<IServiceCollection>? change = null) => TestPortal.StartAsync(folder.Path, services =>
    {
        services.AddSingleton<TimeProvider>(new TestClock(Now));
        change?.Invoke(services);
    });

    private static void Saved(StoreResult result) => Assert.IsType<StoreResult.Saved>(result);

    private static IEnumerable<byte[]> Forms() =>
    [
        Encoding.UTF8.GetBytes(Value), Encoding.Unicode.GetBytes(Value), Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(Value))),
    ];
}
