using CsCheck;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.Documents;

public sealed class FieldMergeTests
{
    private static readonly DataflowEndpoint Base = ValidEndpoint.Of(EndpointKind.CustomKafka, AuthenticationMethod.Sasl);

    [Fact]
    public void ChangesOfDifferentFieldsComeTogether()
    {
        var mine = Change(Base, kafka => kafka with { ConsumerGroupId = "mine" });
        var theirs = Change(Base, kafka => kafka with { Compression = KafkaCompression.Gzip, Authentication = new Authentication.Sasl(SaslType.ScramSha256, "theirs") });
        var merged = FieldMerge.Merge(Base, mine, theirs);
        Assert.Empty(merged.Conflicts);
        Assert.Equal(Change(theirs, kafka => kafka with { ConsumerGroupId = "mine" }), merged.Merged);
        Assert.Equal(["Synced secret name", "Compression"], merged.FromTheirs.Select(change => change.Label));
    }

    [Fact]
    public void WhatBothChangedIsAConflictAndHoldsMine()
    {
        var merged = FieldMerge.Merge(Base, Change(Base, kafka => kafka with { Host = "mine:1" }), Change(Base, kafka => kafka with { Host = "theirs:1" }));
        Assert.Equal([new FieldConflict("Host", "spec.kafkaSettings.host", "kafka.example:9092", "mine:1", "theirs:1")], merged.Conflicts);
        Assert.Equal("mine:1", merged.Merged.Kafka!.Host);
    }

    [Fact]
    public void TheSameChangeOnBothSidesIsNone()
    {
        var both = Change(Base, kafka => kafka with { Host = "both:1" });
        Assert.Equal((both, 0), (FieldMerge.Merge(Base, both, both).Merged, FieldMerge.Merge(Base, both, both).Conflicts.Count));
    }

    [Fact]
    public void AnUnsetFieldIsAChangeToo()
    {
        var set = Change(Base, kafka => kafka with { ConsumerGroupId = "base" });
        var mine = Change(set, kafka => kafka with { ConsumerGroupId = null });
        Assert.Null(FieldMerge.Merge(set, mine, set).Merged.Kafka!.ConsumerGroupId);
        Assert.Equal(new FieldConflict("Consumer group ID", "spec.kafkaSettings.consumerGroupId", "base", null, "theirs"),
            Assert.Single(FieldMerge.Merge(set, mine, Change(set, kafka => kafka with { ConsumerGroupId = "theirs" })).Conflicts));
    }

    [Fact]
    public void AnotherMethodIsTakenWithItsSettings()
    {
        var x509 = Change(Base, kafka => kafka with { Authentication = new Authentication.X509Certificate("c") });
        var secret = Change(Base, kafka => kafka with { Authentication = new Authentication.Sasl(SaslType.ScramSha256, "other") });
        Assert.Equal(x509, FieldMerge.Merge(Base, x509, Base).Merged);
        Assert.Equal(x509, FieldMerge.Merge(Base, Base, x509).Merged);
        var both = FieldMerge.Merge(Base, secret, x509);
        Assert.Equal(secret, both.Merged);
        Assert.Equal(("Sasl", "X509Certificate"), (Assert.Single(both.Conflicts).Mine, both.Conflicts[0].Theirs));
    }

    [Fact]
    public void BothCreatedItSoEveryDifferenceIsAConflict()
    {
        var merged = FieldMerge.Merge(null, Change(Base, kafka => kafka with { Host = "mine:1" }), Base);
        Assert.Equal("spec.kafkaSettings.host", Assert.Single(merged.Conflicts).Path);
    }

    [Fact]
    public void TheirUnknownMembersAreKept()
    {
        var theirs = Manifest.Read(Manifest.Write(Base) + "    future: 1\n").Endpoint!;
        var merged = FieldMerge.Merge(Base, Change(Base, kafka => kafka with { Host = "mine:1" }), theirs);
        Assert.Empty(merged.Conflicts);
        Assert.Contains("future: 1", Manifest.Write(merged.Merged));
        Assert.Contains("mine:1", Manifest.Write(merged.Merged));
    }

    [Fact]
    public void UnknownMembersThatBothChangedAreAConflict()
    {
        DataflowEndpoint With(string more) => Manifest.Read(Manifest.Write(Base) + more).Endpoint!;
        var merged = FieldMerge.Merge(With("    future: 1\n    gone: 1\n"), With("    future: 2\n    mine: {a: 1}\n"), With("    future: 3\n    gone: 1\n    theirs: 1\n"));
        Assert.Equal([new FieldConflict("spec.kafkaSettings.future", "spec.kafkaSettings.future", "1", "2", "3")], merged.Conflicts);
        var text = Manifest.Write(merged.Merged);
        Assert.Contains("    future: 2\n    theirs: 1\n    mine:\n      a: 1\n", text);
        Assert.DoesNotContain("gone", text);
    }

    [Fact]
    public void AnotherTypeIsTakenWhole()
    {
        var mqtt = ValidEndpoint.Of(EndpointKind.CustomMqtt) with { Name = Base.Name };
        Assert.Equal(mqtt, FieldMerge.Merge(Base, Base, mqtt).Merged);
        var merged = FieldMerge.Merge(Base, Change(Base, kafka => kafka with { Host = "mine:1" }), mqtt);
        Assert.Equal("spec.endpointType", Assert.Single(merged.Conflicts).Path);
        Assert.Equal("mine:1", merged.Merged.Kafka!.Host);
    }

    /// <summary>Whatever the three are: one side unchanged gives the other, and every difference is merged or named.</summary>
    [Fact]
    public void NothingIsLostUnseen() => Gen.Select(AnyEndpoint.Valid, AnyEndpoint.Valid, AnyEndpoint.Valid).Sample(
        (@base, mine, theirs) =>
        {
            Assert.Equal(theirs, FieldMerge.Merge(@base, @base, theirs).Merged);
            Assert.Equal(mine, FieldMerge.Merge(@base, mine, @base).Merged);
            var merged = FieldMerge.Merge(@base, mine, theirs);
            var conflicts = merged.Conflicts.Select(conflict => conflict.Path).ToHashSet();
            if (mine.EndpointType != theirs.EndpointType || mine.Settings!.Authentication?.Method != theirs.Settings!.Authentication?.Method)
                return;
            var result = FieldDiff.Compute(null, merged.Merged).ToDictionary(change => change.Path, change => change.After);
            foreach (var change in FieldDiff.Compute(@base, mine).Where(change => !change.Path.Contains(".authentication.", StringComparison.Ordinal)))
                Assert.Equal(change.After, result.GetValueOrDefault(change.Path));
            foreach (var change in FieldDiff.Compute(@base, theirs).Where(change => !change.Path.Contains(".authentication.", StringComparison.Ordinal) && !conflicts.Contains(change.Path)))
                Assert.Equal(change.After, result.GetValueOrDefault(change.Path));
        },
        iter: 1000);

    private static DataflowEndpoint Change(DataflowEndpoint endpoint, Func<KafkaSettings, KafkaSettings> change) => endpoint with { Settings = change(endpoint.Kafka!) };
}
