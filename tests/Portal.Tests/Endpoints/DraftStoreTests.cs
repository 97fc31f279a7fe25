using Portal.Drafts;
using Portal.Model;
using Portal.Model.Endpoints;
using Portal.Tests.Ui;

namespace Portal.Tests.Endpoints;

public sealed class DraftStoreTests
{
    private readonly ManualTime _time = new();
    private readonly DraftStore _drafts;

    public DraftStoreTests() => _drafts = new DraftStore(_time);

    [Fact]
    public void A_draft_is_found_by_its_owner_alone()
    {
        var draft = EndpointDraft.New(EndpointKind.CustomMqtt).SetName("line3");
        var saved = _drafts.Save(KeyOf("me", "line3"), draft);
        Assert.Equal(_time.GetUtcNow(), saved.At);
        Assert.Same(draft, _drafts.Find(KeyOf("me", "line3"))!.Draft);
        Assert.Null(_drafts.Find(KeyOf("you", "line3")));
        Assert.Single(_drafts.Of("me"));
        _drafts.Drop(KeyOf("me", "line3"));
        Assert.Empty(_drafts.Of("me"));
    }

    [Fact]
    public void The_oldest_drafts_of_an_owner_go_first()
    {
        var draft = EndpointDraft.New(EndpointKind.CustomMqtt);
        _drafts.Save(KeyOf("you", "other"), draft);
        for (var at = 0; at <= DraftStore.MostOfOwner; at++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _drafts.Save(KeyOf("me", $"e{at}"), draft);
        }
        Assert.Equal(DraftStore.MostOfOwner, _drafts.Of("me").Count);
        Assert.Null(_drafts.Find(KeyOf("me", "e0")));
        Assert.NotNull(_drafts.Find(KeyOf("you", "other")));
    }

    [Fact]
    public void Drafts_of_all_owners_are_bounded_too()
    {
        var draft = EndpointDraft.New(EndpointKind.CustomMqtt);
        for (var at = 0; at <= DraftStore.Most; at++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _drafts.Save(KeyOf($"o{at}", "e"), draft);
        }
        Assert.Null(_drafts.Find(KeyOf("o0", "e")));
        Assert.NotNull(_drafts.Find(KeyOf("o1", "e")));
    }

    private static DraftKey KeyOf(string owner, string name) => new(owner, ResourceKind.DataflowEndpoint, name);
}
