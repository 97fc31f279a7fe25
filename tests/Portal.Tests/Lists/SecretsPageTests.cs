using Bunit;
using Portal.Components.Pages;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Resources;
using Portal.Tests.Shared;

namespace Portal.Tests.Lists;

/// <summary>Secrets and certificates: names, dates and users; a value is never on the page.</summary>
public sealed class SecretsPageTests : ListsContext
{
    private const string Value = "s3cr3t-Value-42";

    private async Task FillAsync()
    {
        Add(EndpointKind.CustomKafka, "historian", "kafka.example:9094", new Authentication.Sasl(SaslType.ScramSha512, "historian-sasl"), "leipzig-ca");
        await Secrets.SetVaultAsync("historian-password", new SecretValue(Value), null, Time.GetUtcNow().AddDays(11).AddHours(1), Ending);
        await Secrets.SetVaultAsync("spare", new SecretValue(Value), null, null, Ending);
        await Secrets.SaveSyncedAsync(new SyncedSecret("historian-sasl", new Dictionary<string, string> { ["password"] = "historian-password", ["token"] = "gone" }), Ending);
    }

    [Fact]
    public async Task Entries_show_what_is_behind_them_and_what_is_missing()
    {
        await FillAsync();
        var synced = Open<SecretsPage>("/secrets").Find("section[aria-label=historian-sasl]").TextContent;
        Assert.Contains("historian-password", synced);
        Assert.Contains("in 11 days", synced);
        Assert.Contains(Text.Secrets_EntryMissing, synced);
        Assert.Contains("gone is not in the vault", synced);
        Assert.Contains(Text.Secrets_Incomplete, synced);
    }

    [Fact]
    public async Task A_value_is_never_on_the_page_nor_in_the_log()
    {
        await FillAsync();
        var page = Open<SecretsPage>("/secrets");
        Button(page, "Replace value of spare").Click();
        Dialogs.Find("#vault-value").Input("n3w-Value-43");
        Assert.DoesNotContain("n3w-Value-43", Dialogs.Markup);
        Button(Dialogs, Text.Secrets_Replace).Click();
        Assert.Equal("n3w-Value-43", Secrets.Values["spare"]);
        LetSettle();
        Assert.DoesNotContain("Value-4", page.Markup + Dialogs.Markup + Snackbars.Markup + Navigation.Uri);
        Assert.DoesNotContain(Activity.Entries, entry => entry.ToString().Contains("Value-4", StringComparison.Ordinal));
        Assert.Contains(Activity.Entries, entry => entry is { Action: ActivityAction.SecretSet, Subject: "spare" });
    }

    [Fact]
    public async Task What_is_used_is_not_deleted_and_says_by_whom()
    {
        await FillAsync();
        var page = Open<SecretsPage>("/secrets");
        Button(page, "Delete historian-sasl").Click();
        Assert.Empty(Dialogs.FindAll(".mud-dialog"));
        Snackbars.WaitForAssertion(() => Assert.Contains("it is used by historian", Snackbars.Markup));
        Button(page, "Delete spare").Click();
        Button(Dialogs, "Delete").Click();
        LetSettle();
        page.WaitForAssertion(() => Assert.DoesNotContain(page.FindAll("button"), button => button.GetAttribute("aria-label") == "Delete spare"));
    }

    [Fact]
    public void A_synced_secret_that_an_endpoint_names_and_nobody_made_can_be_created()
    {
        Add(EndpointKind.CustomMqtt, "line3-broker", "mqtt.line3.example:8883", new Authentication.X509Certificate("line3-cert"));
        var page = Open<SecretsPage>("/secrets");
        Assert.Contains(Text.Secrets_NotHere, page.Find("section[aria-label=line3-cert]").TextContent);
        Button(page, "Create line3-cert").Click();
        Assert.Equal(["client_cert.pem", "client_key.pem"], Dialogs.FindAll(".entry > input").Select(key => key.GetAttribute("value")));
        Button(Dialogs, Text.Secrets_Save).Click();
        Assert.Contains("No secret of the vault is chosen", Dialogs.Find("[role=alert]").TextContent);
    }

    [Fact]
    public async Task A_certificate_is_shown_with_names_end_and_fingerprint()
    {
        using var certificates = new TestCertificates();
        await FillAsync();
        var page = Open<SecretsPage>("/secrets");
        Assert.Contains(Text.Secrets_NotHere, page.Find("section[aria-label=leipzig-ca]").TextContent);
        Button(page, "Create leipzig-ca").Click();
        Dialogs.Find("#map-pem").Input(certificates.Root.CertificatePem);
        Button(Dialogs, Text.Secrets_Save).Click();
        LetSettle();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".crts li")));
        var shown = page.Find("section[aria-label=leipzig-ca]").TextContent;
        var root = certificates.Root.Certificate;
        Assert.Contains("Test Root CA", shown);
        Assert.Contains(Text.Secrets_SelfSigned, shown);
        Assert.Contains(string.Join(':', Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(root.RawData)).Chunk(2).Select(pair => new string(pair))), shown);
        Assert.Contains("historian", shown);
    }

    [Theory]
    [InlineData(true, "the command makes one", true)]
    [InlineData(false, "Look whether it runs. Below are those that endpoints name; what is in them is shown when", false)]
    public async Task Config_maps_that_cannot_be_read_are_those_that_endpoints_name(bool isElsewhere, string help, bool hasCommand)
    {
        (ConfigMaps.Hidden, ConfigMaps.IsElsewhere) = (new StoreResult.Denied("Config maps are in the cluster.", "Look whether it runs."), isElsewhere);
        await FillAsync();
        var page = Open<SecretsPage>("/secrets");
        Assert.Contains("Config maps are in the cluster.", page.Markup);
        Assert.Contains(help, page.Find("section[aria-label=leipzig-ca]").ParentElement!.QuerySelector(".msg.info")!.TextContent);
        Assert.Contains(Text.Secrets_InCluster, page.Find("section[aria-label=leipzig-ca]").TextContent);
        Assert.DoesNotContain(Text.Secrets_NotHere, page.Find("section[aria-label=leipzig-ca]").TextContent);
        Assert.Equal(hasCommand, page.FindAll("button").Any(button => button.GetAttribute("aria-label") == Text.Secrets_CopyKubectlOf.With("leipzig-ca")));
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Trim() == Text.Secrets_NewConfigMap);
    }

    [Fact]
    public void Config_maps_that_cannot_be_read_and_nobody_names_are_only_said_to_be_elsewhere()
    {
        (ConfigMaps.Hidden, ConfigMaps.IsElsewhere) = (new StoreResult.Denied("Config maps are in the cluster.", "Name it."), true);
        var page = Open<SecretsPage>("/secrets");
        Assert.Contains("Config maps are in the cluster.", page.Markup);
        Assert.DoesNotContain("Below are those", page.Markup);
    }

    [Fact]
    public async Task A_private_key_is_refused_as_a_trusted_certificate()
    {
        using var certificates = new TestCertificates();
        var page = Open<SecretsPage>("/secrets");
        Button(page, Text.Secrets_NewConfigMap).Click();
        Dialogs.Find("#map-name").Input("leipzig-ca");
        Dialogs.Find("#map-pem").Input(certificates.Server.CertificatePem + certificates.Server.KeyPem);
        Button(Dialogs, Text.Secrets_Save).Click();
        Assert.Contains("private key", Dialogs.Find("[role=alert]").TextContent);
        Assert.Empty(await ConfigMaps.ListAsync(Ending));
        Assert.DoesNotContain("BEGIN PRIVATE KEY", Dialogs.Find("[role=alert]").TextContent);
    }
}
