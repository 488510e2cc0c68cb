import pytest

from tongwen.core import clock, tenancy
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import Batch


def a_batch(institution_id: int) -> Batch:
    return Batch.objects.create(
        institution_id=institution_id,
        file_name="a.mrc",
        blob="x",
        size=1,
        state=types.BatchState.LOADED,
        created_by="test",
        created_at=clock.now(),
    )


@pytest.mark.django_db
class TestScope:
    def test_raises_for_a_query_outside_a_scope(self) -> None:
        with pytest.raises(tenancy.NoScope):
            Batch.objects.count()

    def test_raises_for_readers(self) -> None:
        with tenancy.scope(None), pytest.raises(tenancy.NoScope):
            list(Batch.objects.all())

    def test_shows_the_rows_of_the_institution_only(self, lending_library: int, distant_library: int) -> None:
        with tenancy.scope(lending_library):
            own = a_batch(lending_library)
        with tenancy.scope(distant_library):
            a_batch(distant_library)
            assert not Batch.objects.filter(pk=own.pk).exists()
            assert Batch.objects.count() == 1

    def test_demands_a_reason_for_looking_beyond(self) -> None:
        with pytest.raises(tenancy.NoScope):
            Batch.objects.unscoped("")

    def test_ends_with_its_block(self, lending_library: int) -> None:
        with tenancy.scope(lending_library):
            pass
        with pytest.raises(tenancy.NoScope):
            tenancy.current()
