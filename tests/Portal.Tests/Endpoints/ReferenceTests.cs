using Bunit;
using Portal.Drafts;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Ports;
using Portal.Model.Validation;
using Portal.Resources;
using Portal.Tests.Shared;
using TestContext = Xunit.TestContext;

namespace Portal.Tests.Endpoints;

/// <summary>Secrets and config maps on the form: references, dates and certificates, never a value.</summary>
public sealed class ReferenceTests : EndpointPageContext
{
    private const string SecretText = "correct horse battery staple";

    [Fact]
    public void A_missing_secret_or_config_map_is_advice_and_blocks_nothing()
    {
        var page = OpenStored(Line3 with { Settings = Line3.Settings! with { Tls = new TlsSettings { TrustedCaCertificateConfigMapRef = "no-such-ca" } } });
        Assert.Contains("There is no synced secret line3-cert-2025", MessageOf(page, "Synced secret name"));
        Assert.Null(Field(page, "Synced secret name").GetAttribute("aria-invalid"));
        Assert.Contains("There is no config map no-such-ca", page.Find(".problems").TextContent);
        Assert.Empty(page.FindAll("[role=tab] .q.err"));
    }

    [Fact]
    public async Task An_entry_shows_what_it_refers_to_and_when_that_ends()
    {
        await Secrets.SetVaultAsync("line3-client", new SecretValue(SecretText), null, new DateTimeOffset(2028, 11, 8, 0, 0, 0, TimeSpan.Zero), TestContext.Current.CancellationToken);
        await Secrets.SaveSyncedAsync(new SyncedSecret("line3-cert-2025", new Dictionary<string, string> { ["tls.crt"] = "line3-client" }), TestContext.Current.CancellationToken);
        var page = OpenStored(Line3);
        var entry = Field(page, "X509 client certificate").TextContent;
        Assert.Contains("tls.crt", entry);
        Assert.Contains("line3-client", entry);
        Assert.Contains("8 Nov 2028", entry);
        Assert.Contains("has no entry client_key.pem or tls.key", MessageOf(page, "X509 client key"));
        Assert.DoesNotContain(SecretText, page.Markup);
    }

    [Fact]
    public void A_new_secret_is_saved_at_once_and_its_value_is_nowhere_on_the_page()
    {
        var page = OpenNew(EndpointKind.CustomKafka);
        Field(page, "Name").Input("plant-kafka");
        Field(page, "Authentication method").Change("Sasl");
        Field(page, "Password reference of token secret").Click();
        Button(Dialogs, Text.Reference_CreateNew).Click();
        Field(Dialogs, "Secret name").Input("plant-password");
        Field(Dialogs, "Secret value").Input(SecretText);
        Field(Dialogs, "Set expiration date").Change("2028-11-08");
        Button(Dialogs, Text.Reference_Add).Click();
        Assert.Equal(SecretText, Secrets.Values["plant-password"]);
        Assert.Equal("plant-kafka-secret", Field(page, "Synced secret name").GetAttribute("value"));
        Assert.Contains("plant-password", Field(page, "Password reference of token secret").TextContent);
        Assert.Contains("8 Nov 2028", Field(page, "Password reference of token secret").TextContent);
        Assert.DoesNotContain(SecretText, page.Markup + Dialogs.Markup + Snackbars.Markup + string.Join(' ', Activity.Entries));
        Assert.Contains(Activity.Entries, entry => entry is { Action: ActivityAction.SecretSet, Subject: "plant-password" });
    }

    [Fact]
    public async Task A_secret_of_the_vault_can_be_picked()
    {
        await Secrets.SetVaultAsync("old-user", new SecretValue(SecretText), null, null, TestContext.Current.CancellationToken);
        var page = OpenNew(EndpointKind.CustomKafka);
        Field(page, "Authentication method").Change("Sasl");
        Field(page, "Synced secret name").Input("plant-sasl");
        Field(page, "Username reference of token secret").Click();
        Field(Dialogs, "Secret of the vault").Change("old-user");
        Button(Dialogs, Text.Reference_Add).Click();
        var synced = Assert.Single(await Secrets.ListSyncedAsync(TestContext.Current.CancellationToken));
        Assert.Equal("plant-sasl", synced.Name);
        Assert.Equal("old-user", synced.Entries["username"]);
    }

    [Theory]
    [InlineData("not pem at all", "The text is not PEM.")]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", "protected by a password")]
    [InlineData("", "The secret value is missing.")]
    public void A_key_that_cannot_be_used_is_refused_with_the_reason(string pem, string reason)
    {
        var page = OpenNew(EndpointKind.CustomMqtt);
        Field(page, "Authentication method").Change("X509Certificate");
        Field(page, "X509 client key").Click();
        Button(Dialogs, Text.Reference_CreateNew).Click();
        Field(Dialogs, "Secret value").Input(pem);
        Button(Dialogs, Text.Reference_Add).Click();
        Assert.Contains(reason, Dialogs.Find("#ref-msg").TextContent);
        Assert.Empty(Secrets.Values);
    }

    [Fact]
    public void A_certificate_says_when_it_ends()
    {
        using var certificates = new TestCertificates();
        var page = OpenNew(EndpointKind.CustomMqtt);
        Field(page, "Authentication method").Change("X509Certificate");
        Field(page, "X509 client certificate").Click();
        Button(Dialogs, Text.Reference_CreateNew).Click();
        Field(Dialogs, "Secret value").Input(certificates.Client.CertificatePem);
        Assert.Contains("test-client", Dialogs.Find(".certs").TextContent);
        Assert.NotEmpty(Field(Dialogs, "Set expiration date").GetAttribute("value")!);
        Button(Dialogs, Text.Reference_Add).Click();
        Assert.Contains("custom-mqtt-secret-client-cert-pem", Field(page, "X509 client certificate").TextContent);
    }

    [Fact]
    public void A_refusal_of_the_vault_is_shown_in_the_dialog()
    {
        var page = OpenNew(EndpointKind.CustomKafka);
        Field(page, "Authentication method").Change("Sasl");
        Field(page, "Password reference of token secret").Click();
        Field(Dialogs, "Secret value").Input(SecretText);
        Secrets.NextAnswer = new StoreResult.Denied("The folder is read-only.", "Make it writable.");
        Button(Dialogs, Text.Reference_Add).Click();
        Assert.Contains("The folder is read-only. Make it writable.", Dialogs.Find("#ref-msg").TextContent.Replace("\n", "", StringComparison.Ordinal).Replace("  ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_ca_can_be_pasted_and_becomes_a_config_map()
    {
        using var certificates = new TestCertificates();
        var page = OpenStored(Line3, "advanced");
        Button(page, Text.Ca_Upload).Click();
        Field(Dialogs, "CA certificate").Input(certificates.Root.CertificatePem);
        Button(Dialogs, Text.Ca_Save).Click();
        Assert.NotNull(await ConfigMaps.FindAsync("line3-broker-ca", TestContext.Current.CancellationToken));
        Assert.Equal("line3-broker-ca", Field(page, "Trusted CA certificate config map").GetAttribute("value"));
        Assert.Contains("until", page.Find(".certs").TextContent);
        Assert.Contains("trustedCaCertificateConfigMapRef: line3-broker-ca", page.Find(".code").TextContent);
    }

    [Fact]
    public void A_lone_token_is_explained()
    {
        var endpoint = EndpointKind.CustomKafka.New("k") with { Settings = new KafkaSettings { Authentication = new Authentication.Sasl(SaslType.Plain, "sasl") } };
        var references = new References([], [new SyncedSecret("sasl", new Dictionary<string, string> { ["token"] = "t" })], []);
        var advice = ReferenceAdvice.Of(endpoint, references, DateTimeOffset.UnixEpoch).ToList();
        Assert.Equal(2, advice.Count);
        Assert.All(advice, finding => Assert.Equal(("secret-token-only", Severity.Warning), (finding.Code, finding.Severity)));
        Assert.Equal(SecretEntryField.For(AuthenticationMethod.Sasl).Select(entry => ReferenceAdvice.EntryPath(entry.Key)), advice.Select(finding => finding.Path));
    }

    [Theory]
    [InlineData(-1, "expired")]
    [InlineData(10, "expires-soon")]
    [InlineData(40, null)]
    public void What_ends_soon_is_said(int days, string? code)
    {
        var now = Time.GetUtcNow();
        var vault = SecretEntryField.For(AuthenticationMethod.Sasl).Select(entry => new VaultSecret("s-" + entry.Key, now, null, now.AddDays(days))).ToList();
        var synced = new SyncedSecret("sasl", vault.ToDictionary(secret => secret.Name[2..], secret => secret.Name));
        var endpoint = EndpointKind.CustomKafka.New("k") with { Settings = new KafkaSettings { Authentication = new Authentication.Sasl(SaslType.Plain, "sasl") } };
        Assert.All(ReferenceAdvice.Of(endpoint, new References(vault, [synced], []), now), finding => Assert.Equal(code, finding.Code));
        Assert.Equal(code is null ? 0 : 2, ReferenceAdvice.Of(endpoint, new References(vault, [synced], []), now).Count());
    }
}
