//! A21: what the second revision may not do though our key signs it.

use super::*;

#[test]
fn a21_a_second_revision_that_does_more_is_refused_though_our_key_signed_it() {
    assert_eq!(look(&forged(|_| ())).answer, Answer::Authentic);
    let text = |s: &str| Object::String(s.as_bytes().to_vec(), StringFormat::Literal);
    let (revision_1, _) = parts();
    let first = lopdf::Document::load_mem(&revision_1).unwrap();
    let page_id = first.get_pages()[&1];
    let page = first.get_dictionary(page_id).unwrap();
    let content = page.get(b"Contents").unwrap().as_reference().unwrap();
    let resources = page.get(b"Resources").unwrap().clone();
    let files = first.objects.iter().find(|(_, object)| {
        let dict = object.as_stream().map(|stream| &stream.dict);
        dict.is_ok_and(|dict| dict.has_type(b"EmbeddedFile"))
    });
    let claims = *files.unwrap().0;
    type Alter = Box<dyn FnOnce(Update<'_>)>;
    let cases: Vec<(&str, Alter)> = vec![
        (
            "the page's content replaced",
            Box::new(move |u| {
                u.new
                    .set_object(content, Stream::new(dictionary! {}, b"BT ET".to_vec()));
            }),
        ),
        (
            "another content stream",
            Box::new(move |u| {
                let id = u
                    .new
                    .add_object(Stream::new(dictionary! {}, b"BT ET".to_vec()));
                u.page.set("Contents", id);
            }),
        ),
        (
            "other resources",
            Box::new(move |u| {
                let mut resources = resources.as_dict().cloned().unwrap_or_default();
                resources.set("XObject", dictionary! {});
                u.page.set("Resources", resources);
            }),
        ),
        (
            "the claims replaced",
            Box::new(move |u| {
                let dict = dictionary! { "Type" => "EmbeddedFile" };
                u.new.set_object(claims, Stream::new(dict, b"{}".to_vec()));
            }),
        ),
        (
            "a second claims.json",
            Box::new(move |u| {
                let names = u.catalog.get_mut(b"Names").unwrap().as_dict_mut().unwrap();
                let files = names
                    .get_mut(b"EmbeddedFiles")
                    .unwrap()
                    .as_dict_mut()
                    .unwrap();
                let entries = files.get_mut(b"Names").unwrap().as_array_mut().unwrap();
                let again = entries.last().unwrap().clone();
                entries.push(Object::string_literal("claims.json"));
                entries.push(again);
            }),
        ),
        (
            "an open action",
            Box::new(|u| {
                u.catalog.set(
                    "OpenAction",
                    dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("1") },
                );
            }),
        ),
        (
            "layers",
            Box::new(|u| u.catalog.set("OCProperties", dictionary! {})),
        ),
        (
            "another language",
            Box::new(move |u| u.catalog.set("Lang", text("en"))),
        ),
        (
            "the catalog without its structure",
            Box::new(|u| {
                u.catalog.remove(b"StructTreeRoot");
            }),
        ),
        (
            "a cropped page",
            Box::new(|u| {
                u.page
                    .set("CropBox", vec![0.into(), 0.into(), 10.into(), 10.into()]);
            }),
        ),
        ("a turned page", Box::new(|u| u.page.set("Rotate", 180))),
        (
            "a stamp over the page",
            Box::new(|u| {
                let stamp = u
                    .new
                    .add_object(dictionary! { "Type" => "Annot", "Subtype" => "FreeText" });
                let annotations = u.page.get_mut(b"Annots").unwrap().as_array_mut().unwrap();
                annotations.push(Object::Reference(stamp));
            }),
        ),
        (
            "a second field",
            Box::new(|u| {
                let field = u.new.add_object(dictionary! { "FT" => "Tx" });
                let form = u
                    .catalog
                    .get_mut(b"AcroForm")
                    .unwrap()
                    .as_dict_mut()
                    .unwrap();
                form.get_mut(b"Fields")
                    .unwrap()
                    .as_array_mut()
                    .unwrap()
                    .push(Object::Reference(field));
            }),
        ),
        (
            "XFA",
            Box::new(|u| {
                let form = u
                    .catalog
                    .get_mut(b"AcroForm")
                    .unwrap()
                    .as_dict_mut()
                    .unwrap();
                form.set("XFA", vec![]);
            }),
        ),
        (
            "an object nobody needs",
            Box::new(|u| {
                u.new.add_object(Dictionary::new());
            }),
        ),
        (
            "a security store (DSS)",
            Box::new(|u| u.catalog.set("DSS", dictionary! {})),
        ),
        (
            "no DocMDP",
            Box::new(|u| {
                u.catalog.remove(b"Perms");
            }),
        ),
        (
            "usage rights",
            Box::new(|u| {
                let perms = u.catalog.get_mut(b"Perms").unwrap().as_dict_mut().unwrap();
                perms.set("UR3", Dictionary::new());
            }),
        ),
    ];
    for (what, alter) in cases {
        let verification = refused(&forged(alter), what);
        let code = verification.reason.unwrap().code;
        assert!(
            ["revision", "structure"].contains(&code.as_str()),
            "{what}: {code}"
        );
    }
}
