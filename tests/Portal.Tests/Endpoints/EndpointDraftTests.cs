using Portal.Drafts;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Tests.Endpoints;

public sealed class EndpointDraftTests
{
    private static readonly EndpointField Host = Find("host");
    private static readonly EndpointField Method = Find("authentication.method");
    private static readonly EndpointField KeepAlive = Find("keepAliveSeconds");
    private static readonly EndpointField Secret = Find("authentication.x509CertificateSettings.secretRef");

    private static readonly DataflowEndpoint Line3 = EndpointKind.CustomMqtt.New("line3-broker") with
    {
        Settings = new MqttSettings { Host = "broker.example:8883", Authentication = new Authentication.X509Certificate("line3-cert"), KeepAliveSeconds = 60 },
    };

    private static EndpointField Find(string below) => EndpointFields.Find(Wire.Mqtt, "mqttSettings." + below)!;

    private static StoredResource Stored(DataflowEndpoint endpoint, string revision = "1") => new(endpoint, revision, DateTimeOffset.UnixEpoch, "line3-broker.yaml");

    [Fact]
    public void Text_that_is_no_value_stays_as_it_was_typed_with_its_problem()
    {
        var draft = EndpointDraft.Of(Stored(Line3)).Set(KeepAlive, "abc");
        Assert.Equal("abc", draft.TextOf(KeepAlive));
        Assert.Equal(60, draft.Current.Mqtt!.KeepAliveSeconds);
        Assert.Contains(draft.Findings, finding => finding is { Code: "not-a-number", Severity: Severity.Error } && finding.Path == KeepAlive.FullPath);
        Assert.True(draft.HasChanges);
        Assert.DoesNotContain(draft.Set(KeepAlive, "30").Findings, finding => finding.Path == KeepAlive.FullPath);
    }

    [Fact]
    public void A_change_leaves_the_draft_before_it_alone()
    {
        var before = EndpointDraft.Of(Stored(Line3));
        var after = before.Set(Host, "other.example:8883");
        Assert.Equal("broker.example:8883", before.TextOf(Host));
        Assert.False(before.HasChanges);
        Assert.Equal("other.example:8883", Assert.Single(after.Changes).After);
    }

    [Fact]
    public void Setting_a_field_back_is_no_change()
    {
        var draft = EndpointDraft.Of(Stored(Line3)).Set(Host, "other.example:8883");
        Assert.True(draft.IsChanged(Host.FullPath));
        Assert.False(draft.Revert(Host).HasChanges);
        Assert.False(draft.Set(Host, "broker.example:8883").HasChanges);
    }

    [Fact]
    public void Blanks_around_a_text_are_shown_but_not_stored()
    {
        var draft = EndpointDraft.Of(Stored(Line3)).Set(Host, "broker.example:8884 ");
        Assert.Equal("broker.example:8884 ", draft.TextOf(Host));
        Assert.Equal("broker.example:8884", draft.Current.Settings!.Host);
    }

    [Fact]
    public void Clearing_a_field_leaves_the_default_to_the_service()
    {
        var draft = EndpointDraft.Of(Stored(Line3)).Clear(KeepAlive);
        Assert.Null(draft.Current.Mqtt!.KeepAliveSeconds);
        Assert.DoesNotContain("keepAliveSeconds", draft.Document(DocumentFormat.Yaml).Text);
    }

    [Fact]
    public void The_settings_of_a_method_come_back_with_it()
    {
        var draft = EndpointDraft.Of(Stored(Line3)).Set(Secret, "line3-client").Set(Method, "Anonymous");
        Assert.IsType<Authentication.Anonymous>(draft.Current.Settings!.Authentication);
        Assert.Equal(new Authentication.X509Certificate("line3-client"), draft.Set(Method, "X509Certificate").Current.Settings!.Authentication);
    }

    [Fact]
    public void A_reload_finds_the_stored_settings_of_the_method_again()
    {
        var other = EndpointDraft.Of(Stored(Line3)).Set(Method, "Anonymous");
        Assert.False(other.Set(Method, "X509Certificate").HasChanges);
    }

    [Fact]
    public void The_local_broker_gets_its_audience_back_when_the_method_does()
    {
        var method = Method;
        var draft = EndpointDraft.New(EndpointKind.LocalMqtt).Set(method, "Anonymous").Set(method, "ServiceAccountToken");
        Assert.Equal(new Authentication.ServiceAccountToken("aio-internal"), draft.Current.Settings!.Authentication);
    }

    [Fact]
    public void What_is_missing_is_no_problem_before_somebody_tried()
    {
        var draft = EndpointDraft.New(EndpointKind.CustomMqtt);
        Assert.True(draft.HasErrors);
        Assert.Empty(draft.ShownFindings);
        Assert.False(draft.HasChanges);
        Assert.Equal(["metadata.name", Host.FullPath, Method.FullPath], draft.Attempt().ShownFindings.Select(finding => finding.Path));
        Assert.Contains(draft.Set(Host, "x").Set(Host, "").ShownFindings, finding => finding.Path == Host.FullPath);
    }

    [Fact]
    public void What_the_kind_of_the_host_refuses_is_said_before_it_is_stored()
    {
        var field = EndpointFields.Find(Wire.Kafka, "kafkaSettings.host")!;
        var method = EndpointFields.Find(Wire.Kafka, "kafkaSettings.authentication.method")!;
        var draft = EndpointDraft.New(EndpointKind.CustomKafka).SetName("hubs").Set(field, "factory.servicebus.windows.net:9093").Set(method, "Anonymous");
        Assert.Contains(draft.Findings, finding => finding is { Code: "method-not-allowed", Severity: Severity.Error });
    }

    [Theory]
    [InlineData("eventgrid")]
    [InlineData("custom-mqtt")]
    public void A_draft_without_a_host_is_not_judged_as_another_kind(string kindId)
    {
        var kind = EndpointKind.Find(kindId)!;
        foreach (var method in kind.AllMethods)
        {
            var draft = EndpointDraft.New(kind).Set(EndpointFields.Find(kind.Wire, "spec.mqttSettings.authentication.method")!, method.ToString());
            Assert.DoesNotContain(draft.Findings, finding => finding.Path.EndsWith(".method", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_copy_has_the_settings_and_a_name_of_its_own()
    {
        var draft = EndpointDraft.CopyOf(Line3, EndpointKind.CustomMqtt, "line3-broker-copy");
        Assert.True(draft.IsNew);
        Assert.True(draft.HasChanges);
        Assert.Equal(Line3.Settings, draft.Current.Settings);
        Assert.Equal("line3-broker-copy", draft.Current.Name);
    }

    [Fact]
    public void Every_document_follows_from_the_one_record()
    {
        var draft = EndpointDraft.Of(Stored(Line3)).Set(Host, "other.example:8883");
        foreach (var format in Enum.GetValues<DocumentFormat>())
            Assert.Contains("other.example", draft.Document(format).Text);
        Assert.Contains("broker.example:8883", draft.BaseDocument(DocumentFormat.Yaml)!.Text);
        Assert.Same(draft.Document(DocumentFormat.Yaml), draft.Document(DocumentFormat.Yaml));
        Assert.Contains("@2025-10-01", draft.Document(DocumentFormat.Bicep, "2025-10-01").Text);
    }
}
